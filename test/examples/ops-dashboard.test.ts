import { describe, expect, it } from "vitest";
import { METRICS } from "../../lib/metrics/catalogue.ts";
import { fullExposition } from "../support/full-exposition.ts";
import { DASHBOARD, queriesOf, RECORDINGS } from "../support/ops-kit.ts";
import { parsePromql } from "../support/promql.ts";
import { levelOf, QueryCheck } from "../support/query-check.ts";

const check = new QueryCheck(await fullExposition(), RECORDINGS);
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts the variable in, not TypeScript.
const DATA_SOURCE = { type: "prometheus", uid: "${datasource}" };
const rows = DASHBOARD.panels.filter(({ type }) => type === "row");
const panels = DASHBOARD.panels.filter(({ type }) => type !== "row");

describe.each(panels)("the panel $title", (panel) => {
  it("asks only for series, labels and values that the client can have", () => {
    expect(queriesOf(panel).flatMap((expr) => check.offences(expr))).toEqual([]);
  });

  it("asks the data source that was chosen, for the jobs that were chosen", () => {
    expect(panel.datasource).toEqual(DATA_SOURCE);
    for (const { datasource, expr } of panel.targets ?? []) {
      expect(datasource).toEqual(DATA_SOURCE);
      const { selectors } = parsePromql(expr.replaceAll("$__rate_interval", "5m"));
      const isOfJob = selectors.map(({ metric, matchers }) => [
        metric,
        metric.startsWith(":") || matchers.some(({ label, value }) => label === "job" && value === "$job"),
      ]);
      expect(Object.fromEntries(isOfJob)).toEqual(
        Object.fromEntries(selectors.map(({ metric }) => [metric, true])),
      );
    }
  });

  it("names its lines by labels that they have", () => {
    for (const [index, { legendFormat }] of (panel.targets ?? []).entries()) {
      const { selectors, groupings } = parsePromql(queriesOf(panel)[index]!);
      const known = [...groupings.flatMap(({ labels }) => labels), ...selectors.flatMap(recordedLabels)];
      const named = [...legendFormat.matchAll(/{{(\w+)}}/g)].map(([, label]) => label!);
      expect(named.filter((label) => !known.includes(label))).toEqual([]);
    }
  });

  it("has a query, a unit, and a description", () => {
    expect(panel.targets?.length).toBeGreaterThan(0);
    expect(panel.fieldConfig?.defaults.unit).toBeTruthy();
    expect(panel.description).toBeTruthy();
  });
});

describe("the dashboard", () => {
  it("shows every metric of the catalogue", () => {
    const shown = new Set(
      panels.flatMap((panel) =>
        queriesOf(panel).flatMap((expr) => parsePromql(expr).selectors.map(({ metric }) => metric)),
      ),
    );
    const missing = Object.values(METRICS).filter(
      ({ name }) => !shown.has(name) && !shown.has(`${name}_bucket`),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it("belongs to no instance of Grafana", () => {
    expect(DASHBOARD.id).toBe(null);
    const text = JSON.stringify(DASHBOARD);
    const sources = [...text.matchAll(/"datasource":\{"type":"(\w+)","uid":"([^"]+)"\}/g)];
    expect(new Set(sources.map(([, type, uid]) => `${type} ${uid}`))).toEqual(
      new Set([`prometheus ${DATA_SOURCE.uid}`, "grafana -- Grafana --"]),
    );
    expect(text).not.toContain("__inputs");
  });

  it("lets data source, job, endpoint and variant be chosen, from what there is", () => {
    const { list } = DASHBOARD.templating;
    expect(list.map(({ name }) => name)).toEqual(["datasource", "job", "endpoint", "variant"]);
    for (const { query } of list.slice(1)) {
      const text = typeof query === "string" ? query : query.query;
      const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
      const { metric } = parsePromql(selector!).selectors[0]!;
      expect(check.labelsOf(metric)).toContain(label);
    }
  });

  it("has panels with ids of their own, none over another and all within its 24 columns", () => {
    const ids = DASHBOARD.panels.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const cells = DASHBOARD.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(cells.length).toBe(new Set(cells).size);
    expect(Math.max(...DASHBOARD.panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBe(24);
  });

  it("begins with what callers get", () => {
    expect(rows[0]?.title).toBe("What callers get");
    expect(rows[0]?.gridPos.y).toBe(0);
  });
});

function recordedLabels({ metric }: { metric: string }): string[] {
  return metric.includes(":") ? levelOf(metric) : [];
}
