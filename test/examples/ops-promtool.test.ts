import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ExposedSeries, Exposition } from "../support/exposition.ts";
import { MetricsHarness } from "../support/metrics-harness.ts";
import { DASHBOARD, opsFile, queriesOf, RULE_GROUPS, RULE_TESTS } from "../support/ops-kit.ts";

const { error: missing } = spawnSync("promtool", ["--version"]);

/** What it says; only its exit code says whether that is a complaint. */
async function promtool(...args: string[]): Promise<{ failed: boolean; output: string }> {
  return new Promise((resolve) => {
    execFile("promtool", args, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: stdout + stderr }),
    );
  });
}

/** A file for promtool, whose YAML takes JSON. */
function temporaryFile(content: object): string {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-ops-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "file.yml");
  writeFileSync(path, JSON.stringify(content));
  return path;
}

/** Half an hour of traffic, scraped each minute: half of the attempts at `green` fail. */
async function halfDown(): Promise<Exposition[]> {
  const metrics = new MetricsHarness();
  const scrapes = [];
  for (let minute = 0; minute < 30; minute++) {
    for (let i = 0; i < 60; i++) await metrics.run("ok", { variant: "blue" });
    for (let i = 0; i < 20; i++) {
      await metrics.run("ok", { variant: "green" });
      await metrics.run("server_error", { variant: "green" });
    }
    scrapes.push(await metrics.scrape());
  }
  return scrapes;
}

/** What a Prometheus would have after these scrapes of one job, in promtool's notation. */
function inputSeries(scrapes: readonly Exposition[]): { series: string; values: string }[] {
  const valuesOf = new Map<string, string[]>();
  for (const [index, { series }] of scrapes.entries()) {
    for (const one of series) {
      const name = nameOf(one);
      const values = valuesOf.get(name) ?? Array(index).fill("_");
      valuesOf.set(name, [...values, String(one.value)]);
    }
  }
  return [...valuesOf].map(([series, values]) => ({ series, values: values.join(" ") }));
}

function nameOf({ name, labels }: ExposedSeries): string {
  const pairs = Object.entries({ job: "shop", ...labels }).map(([label, value]) => `${label}="${value}"`);
  return `${name}{${pairs.join(",")}}`;
}

if (missing === undefined) {
  describe("promtool", { timeout: 120_000 }, () => {
    it("takes the rules", async () => {
      expect(await promtool("check", "rules", opsFile("rules.yml"))).toMatchObject({ failed: false });
    });

    it("sees each alert fire in the situation that it is for, and in no other", async () => {
      expect(await promtool("test", "rules", opsFile("rules.test.yml"))).toMatchObject({ failed: false });
    });

    it("takes the queries of the dashboard", async () => {
      const rules = DASHBOARD.panels
        .flatMap(queriesOf)
        .map((expr, index) => ({ record: `query_${index}`, expr }));
      const path = temporaryFile({ groups: [{ name: "dashboard", rules }] });
      expect(await promtool("check", "rules", path)).toMatchObject({ failed: false });
    });

    it("sees SageMakerVariantFailing fire for what a client counts when a variant is half down", async () => {
      const expected = RULE_TESTS.tests
        .flatMap(({ alert_rule_test = [] }) => alert_rule_test)
        .find(
          ({ alertname, exp_alerts }) => alertname === "SageMakerVariantFailing" && exp_alerts.length > 0,
        );
      const path = temporaryFile({
        rule_files: [opsFile("rules.yml")],
        evaluation_interval: "1m",
        group_eval_order: RULE_GROUPS,
        tests: [
          {
            interval: "1m",
            input_series: inputSeries(await halfDown()),
            alert_rule_test: [
              { ...expected, eval_time: "20m" },
              { alertname: "SageMakerLatencyBoundMissing", eval_time: "29m", exp_alerts: [] },
            ],
          },
        ],
      });
      expect(await promtool("test", "rules", path)).toMatchObject({ failed: false });
    });
  });
} else {
  describe("promtool is not installed, so the rules were not run", () => {
    it("and nothing but its absence is the reason", () => {
      expect(missing).toMatchObject({ code: "ENOENT" });
    });
  });
}
