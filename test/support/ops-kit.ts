import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ExpectedAlert {
  readonly exp_labels: Readonly<Record<string, string>>;
  readonly exp_annotations: Readonly<Record<string, string>>;
}

export interface RuleTest {
  readonly name: string;
  readonly input_series: readonly { readonly series: string }[];
  readonly alert_rule_test?: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly ExpectedAlert[];
  }[];
  readonly promql_expr_test?: readonly { readonly expr: string }[];
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: object;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly {
    readonly expr: string;
    readonly legendFormat: string;
    readonly datasource: object;
  }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}

export interface Dashboard {
  readonly id: null;
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string | { readonly query: string };
      readonly datasource?: object;
    }[];
  };
}

/** The path of a file of examples/ops/. */
export function opsFile(name: string): string {
  return fileURLToPath(new URL(`../../examples/ops/${name}`, import.meta.url));
}

export function readOps(name: string): string {
  return readFileSync(opsFile(name), "utf8");
}

const { groups } = parse(readOps("rules.yml")) as { groups: { name: string; rules: Rule[] }[] };

export const RULE_GROUPS = groups.map(({ name }) => name);
export const RULES: readonly Rule[] = groups.flatMap(({ rules }) => rules);
export const ALERTS = RULES.filter((rule): rule is Rule & { alert: string } => rule.alert !== undefined);
export const RECORDINGS = RULES.filter(
  (rule): rule is Rule & { record: string } => rule.record !== undefined,
);

export const RULE_TESTS = parse(readOps("rules.test.yml")) as {
  readonly group_eval_order: readonly string[];
  readonly tests: readonly RuleTest[];
};

export const DASHBOARD = JSON.parse(readOps("dashboard.json")) as Dashboard;

/** The queries of a panel, with variables of Grafana filled in as it would: with all of their values. */
export function queriesOf(panel: Panel): string[] {
  return (panel.targets ?? []).map(({ expr }) => filledIn(expr));
}

export function filledIn(expr: string): string {
  return expr.replaceAll("$__rate_interval", "5m").replace(/\$(?:job|endpoint|variant)\b/g, ".+");
}

/** Queries that the templates of a rule's annotations make, with a label in each place that is filled in. */
export function queriesInAnnotations({ annotations = {} }: Rule): string[] {
  return Object.values(annotations).flatMap((text) =>
    [...text.matchAll(/printf ("(?:[^"\\]|\\.)*")/g)].map(([, format]) =>
      (JSON.parse(format!) as string).replaceAll("%q", '"x"'),
    ),
  );
}
