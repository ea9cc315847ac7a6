import { describe, expect, it } from "vitest";
import { fullExposition } from "../support/full-exposition.ts";
import {
  ALERTS,
  queriesInAnnotations,
  RECORDINGS,
  RULE_GROUPS,
  RULE_TESTS,
  RULES,
} from "../support/ops-kit.ts";
import { parsePromql } from "../support/promql.ts";
import { levelOf, QueryCheck } from "../support/query-check.ts";

const check = new QueryCheck(await fullExposition(), RECORDINGS);

describe("the check of queries", () => {
  it.each([
    ["sagemaker_client_request_total", "no metric sagemaker_client_request_total"],
    ["sagemaker_client_queue_depth{variant='blue'}".replaceAll("'", '"'), "has no label variant"],
    ["sum by (kind) (sagemaker_client_requests_total)", "has no label kind"],
    ['sagemaker_client_requests_total{outcome=~"ok|failed"}', "outcome is never failed"],
    ['sagemaker_client_retries_suppressed_total{reason="throttled"}', "reason is never throttled"],
    ['sagemaker_client_request_duration_seconds_bucket{le="2.4"}', "le is never 2.4"],
    ['job_endpoint_reason:sagemaker_client_retries_suppressed:rate5m{reason="full"}', "reason is never full"],
    ['job_endpoint:sagemaker_client_goodput:rate5m{variant="blue"}', "has no label variant"],
    ['sagemaker_client_attempts_total{variant="_all"}', "variant is never _all"],
  ])("says of %s that it asks for what cannot be", (expr, complaint) => {
    expect(check.offences(expr).join()).toContain(complaint);
  });

  it("reports what is no PromQL", () => {
    expect(() => check.offences("sum by (job (up)")).toThrow(SyntaxError);
  });
});

describe.each(RULES.map((rule) => ({ name: rule.alert ?? rule.record, rule })))("$name", ({ rule }) => {
  it("asks only for series, labels and values that the client can have", () => {
    expect([rule.expr, ...queriesInAnnotations(rule)].flatMap((expr) => check.offences(expr))).toEqual([]);
  });
});

describe("recording rules", () => {
  it("say in their name by which labels they aggregate", () => {
    const wrong = RECORDINGS.filter(({ record, expr }) => {
      const aggregations = parsePromql(expr).groupings.filter(({ kind }) => kind === "aggregation");
      const level = levelOf(record).sort().join();
      return aggregations.some(
        ({ labels }) =>
          labels
            .filter((one) => one !== "le")
            .sort()
            .join() !== level,
      );
    });
    expect(wrong.map(({ record }) => record)).toEqual([]);
  });

  it("are named once each", () => {
    const names = RECORDINGS.map(({ record }) => record);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe("alerts", () => {
  it.each(ALERTS)(
    "$alert has a severity, a summary, and a description that names what it is about",
    (rule) => {
      expect(["page", "ticket"]).toContain(rule.labels?.severity);
      const { summary = "", description = "" } = rule.annotations ?? {};
      const labels = labelsOfAlert(rule.alert);
      for (const label of labels) expect(description, label).toContain(`$labels.${label}`);
      expect(summary).not.toBe("");
    },
  );

  it("are each tested to fire, and to stay silent", () => {
    const tests = RULE_TESTS.tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
    const names = (isFiring: boolean) =>
      new Set(
        tests.flatMap(({ alertname, exp_alerts }) => (exp_alerts.length > 0 === isFiring ? alertname : [])),
      );
    const all = ALERTS.map(({ alert }) => alert).sort();
    expect([...names(true)].sort()).toEqual(all);
    expect([...names(false)].sort()).toEqual(all);
  });
});

describe("the tests of the rules", () => {
  it("evaluate each recorded series: for an alert, or by its name", () => {
    const asked = new Set<string>();
    const ask = (expr: string): void => {
      for (const { metric } of parsePromql(expr).selectors) {
        if (asked.has(metric)) continue;
        asked.add(metric);
        const rule = RECORDINGS.find(({ record }) => record === metric);
        if (rule !== undefined) ask(rule.expr);
      }
    };
    for (const { expr } of ALERTS) ask(expr);
    for (const { promql_expr_test = [] } of RULE_TESTS.tests)
      for (const { expr } of promql_expr_test) ask(expr);
    expect(RECORDINGS.map(({ record }) => record).filter((record) => !asked.has(record))).toEqual([]);
  });

  it("evaluate the groups in their order, so that what is recorded is there for the next", () => {
    expect(RULE_TESTS.group_eval_order).toEqual(RULE_GROUPS);
  });

  it("begin with series that the client can have", () => {
    const series = RULE_TESTS.tests.flatMap(({ input_series }) => input_series.map((one) => one.series));
    const own = series.filter((one) => one.startsWith("sagemaker_client_"));
    expect(own.flatMap((one) => check.offences(one))).toEqual([]);
    expect(own.length).toBeGreaterThan(100);
  });
});

/** Labels that tell one such alert from another, as the tests expect them: all but for `severity`. */
function labelsOfAlert(name: string): string[] {
  const fired = RULE_TESTS.tests
    .flatMap(({ alert_rule_test = [] }) => alert_rule_test)
    .find(({ alertname, exp_alerts }) => alertname === name && exp_alerts.length > 0);
  return Object.keys(fired?.exp_alerts[0]?.exp_labels ?? {}).filter((label) => label !== "severity");
}
