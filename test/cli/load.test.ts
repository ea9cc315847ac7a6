import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { run } from "./command-line.ts";
import { loadFlags as flags, loadRuns } from "./load-runs.ts";

const PAYLOAD = "a-payload-that-nobody-may-see";

const runs = loadRuns();

describe("holdfast load", () => {
  it("reports calls, outcomes and variants, on the terminal and as JSON, and shows nothing that was sent", async () => {
    const url = await runs.startEndpoint({
      variants: [
        { name: "blue", weight: 3 },
        { name: "green", weight: 1 },
      ],
      faults: { rules: [{ match: { variant: "green", every: 5 }, fault: { type: "status", status: 503 } }] },
    });
    const config = await runs.file("no-retry.json", { retry: false, circuitBreaker: false });
    const results = runs.path("results.json");
    const output = await run(
      ...[...flags(url, 200, 1), "--body", PAYLOAD, "--content-type", "text/csv"],
      ...["--config", config, "--json", results],
    );
    expect([output.code, output.stderr]).toEqual([0, ""]);
    expect(output.stdout).toMatch(
      /^Endpoint churn: 200 calls per second for 1 s, after a ramp of 0 s and 0 s of warm-up\.\n/,
    );
    const { configurations, ...about } = await runs.results("results.json");
    expect(about).toMatchObject({
      endpointName: "churn",
      scheduledCalls: 200,
      dueCalls: 200,
      ratePerSecond: 200,
    });
    const [{ outcomes, variants, ...only }] = configurations;
    expect([configurations.length, only.name, only.sentCalls]).toEqual([1, "no-retry.json", 200]);
    const failed = outcomes.server_error.latencyMs.count;
    expect(failed).toBeGreaterThan(0);
    expect(outcomes.server_error.errors).toEqual({ ServiceUnavailable: failed });
    expect(outcomes.ok.latencyMs.count + failed).toBe(200);
    // The service's own error answers name no variant: they are nobody's.
    expect([variants.blue.failedCalls, variants.green.failedCalls, variants._unknown.failedCalls]).toEqual([
      0,
      0,
      failed,
    ]);
    expect(variants.blue.latencyMs.count).toBeGreaterThan(variants.green.latencyMs.count);
    expect(output.stdout).toMatch(new RegExp(`^server_error +ServiceUnavailable ${failed} +${failed} `, "m"));
    expect(output.stdout).toMatch(/^blue .*\ngreen /m);
    for (const text of [output.stdout, await readFile(results, "utf8")]) {
      expect(text).not.toContain(PAYLOAD);
      expect(text).not.toContain(runs.secret);
    }
  });

  it("counts attempts that were repeated, in a call's one outcome", async () => {
    const url = await runs.startEndpoint({
      faults: { rules: [{ match: { every: 10 }, fault: { type: "status", status: 503 } }] },
    });
    const results = runs.path("retried.json");
    const { code, stdout } = await run(...flags(url, 100, 1), "--json", results);
    expect(code).toBe(0);
    const [{ outcomes, attemptsByOutcome }] = (await runs.results("retried.json")).configurations;
    expect(outcomes.ok.latencyMs.count).toBeGreaterThan(90);
    expect(attemptsByOutcome.server_error).toBeGreaterThanOrEqual(10);
    expect(stdout).toMatch(/^Outcome of attempts +attempts +share\nok +\d+ .*\nserver_error +\d+ /m);
  });

  it("says which answers are no model's", async () => {
    const url = await runs.startEndpoint({
      faults: { rules: [{ match: { every: 2 }, fault: { type: "status", status: 503 } }] },
    });
    const config = await runs.file("fallback.json", {
      ...{ retry: false, circuitBreaker: false },
      fallback: { alternatives: [{ answer: { Body: "0" } }] },
    });
    const { code, stdout } = await run(...flags(url, 50, 0.4), "--config", config);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +20 +100\.00 % /m);
    expect(stdout).toMatch(/^Answered by a fallback: 10 of the calls that are ok here\.$/m);
    expect(stdout).toMatch(/^server_error +10 +50\.00 %$/m);
    expect(stdout).toMatch(/^_none +10 +50\.00 % +0\.00 % /m);
    expect(stdout).toMatch(/^_none: no variant of the endpoint had a part in the end of these calls\.$/m);
  });

  it("compares two configurations in alternation: a bound that only one has shows", async () => {
    const url = await runs.startEndpoint({
      faults: {
        rules: [{ match: { every: 4 }, fault: { type: "latency", distribution: "fixed", ms: 400 } }],
      },
    });
    const base = await runs.file("patient.json", {});
    const other = await runs.file("hasty.json", { timeouts: { attemptMs: 100 } });
    const results = runs.path("compared.json");
    const { code, stdout } = await run(
      ...[...flags(url, 60, 2.4), "--config", base, "--compare", other, "--json", results],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Comparison +patient\.json +hasty\.json +ratio +of each round$/m);
    const { configurations, comparison } = await runs.results("compared.json");
    const [patient, hasty] = configurations;
    expect([patient.slices.length, hasty.slices.length]).toEqual([6, 6]);
    expect([patient.sentCalls, hasty.sentCalls]).toEqual([72, 72]);
    expect(patient.outcomes.timeout).toBeUndefined();
    expect(hasty.outcomes.timeout.latencyMs.count).toBeGreaterThan(5);
    const [successes] = comparison;
    expect(successes.name).toBe("succeeded (% of due)");
    expect(successes.ratio).toBeLessThan(1);
  });

  it("asks nothing on this machine, however many calls there are", async () => {
    const { code, stdout } = await run(
      ...flags(await runs.startEndpoint(), 1_100, 1),
      "--max-in-flight",
      "2000",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^default options +1,100 +1,100 +1,100 +0 +0 /m);
  });

  it("ends with code 1 where no call succeeds", async () => {
    const url = await runs.startEndpoint({
      faults: { rules: [{ fault: { type: "status", status: 424, originalStatusCode: 400 } }] },
    });
    const { code, stdout, stderr } = await run(...flags(url, 50, 0.3), "--variant", "AllTraffic");
    expect([code, stderr]).toEqual([1, "error: no call succeeded\n"]);
    expect(stdout).toMatch(/^model_error +ModelError 15 +15 +100\.00 % /m);
    // The answers name no variant, but the calls did.
    expect(stdout).toMatch(/^AllTraffic +15 +100\.00 % +100\.00 % /m);
    expect(stdout).toContain("timeouts: no change");
  });
});

describe("the help of load", () => {
  it("names units, defaults, examples and exit codes, and the defaults make no more than 1,000 calls", async () => {
    const { code, stdout } = await run("load", "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/--duration <seconds>.*\(default:\s+45\).*Examples:.*Exit codes:/s);
    const value = (flag: string) =>
      Number(new RegExp(`${flag} <.*?\\(default:\\s+(\\d+)\\)`, "s").exec(stdout)?.[1]);
    const calls = value("--rate") * (value("--ramp") / 2 + value("--warm-up") + value("--duration"));
    expect(calls).toBe(1_000);
  });
});
