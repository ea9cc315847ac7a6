import { ANY, NONE, OTHER, UNKNOWN } from "../../lib/metrics/sentinels.ts";
import type { Exposition } from "./exposition.ts";
import type { Rule } from "./ops-kit.ts";
import { type Matcher, parsePromql, type Selector } from "./promql.ts";

/** What Prometheus itself adds at a scrape. */
const TARGET_LABELS = ["job", "instance"];

/** Labels whose values are names of the user's; those of the client begin with an underscore. */
const OPEN_LABELS = ["job", "instance", "endpoint", "variant", "version", "node"];

/** Tells of queries what they ask for that can never be there. */
export class QueryCheck {
  readonly #exposition: Exposition;
  readonly #recorded: ReadonlyMap<string, Rule>;

  /**
   * @param exposition with every series that the client can have
   * @param recordings rules whose series queries may ask for, too
   */
  constructor(exposition: Exposition, recordings: readonly (Rule & { record: string })[]) {
    this.#exposition = exposition;
    this.#recorded = new Map(recordings.map((rule) => [rule.record, rule]));
  }

  /** One line for each thing that can never be there. */
  offences(expr: string): string[] {
    const { selectors, groupings } = parsePromql(expr);
    const unknown = selectors.filter(({ metric }) => this.labelsOf(metric) === undefined);
    if (unknown.length > 0) return unknown.map(({ metric }) => `no metric ${metric}`);
    const missing = groupings.flatMap(({ labels, of }) =>
      of.flatMap((selector) => this.#missingLabels(selector, labels)),
    );
    return [...selectors.flatMap((selector) => this.#offencesOf(selector)), ...missing];
  }

  /** Labels of the series of a metric; `undefined` where there is no such metric. */
  labelsOf(metric: string): readonly string[] | undefined {
    if (this.#recorded.has(metric)) return levelOf(metric);
    const series = this.#exposition.series.filter(({ name }) => name === metric);
    if (series.length === 0) return undefined;
    return [...new Set([...TARGET_LABELS, ...series.flatMap(({ labels }) => Object.keys(labels))])];
  }

  #offencesOf(selector: Selector): string[] {
    const { metric, matchers } = selector;
    const missing = this.#missingLabels(
      selector,
      matchers.map(({ label }) => label),
    );
    if (missing.length > 0) return missing;
    return matchers.flatMap((matcher) =>
      valuesOfMatcher(matcher)
        .filter((value) => !this.#occurs(metric, matcher, value))
        .map((value) => `${metric}: ${matcher.label} is never ${value}`),
    );
  }

  #missingLabels({ metric }: Selector, labels: readonly string[]): string[] {
    const known = this.labelsOf(metric) ?? [];
    return labels.filter((label) => !known.includes(label)).map((label) => `${metric} has no label ${label}`);
  }

  #occurs(metric: string, { label, isExact }: Matcher, value: string): boolean {
    if (OPEN_LABELS.includes(label) && !value.startsWith("_")) return true;
    const values = label === "variant" ? [UNKNOWN, NONE, OTHER, ANY] : this.#valuesOf(metric, label);
    return isExact ? values.includes(value) : values.some((one) => new RegExp(`^(?:${value})$`).test(one));
  }

  #valuesOf(metric: string, label: string): string[] {
    const rule = this.#recorded.get(metric);
    if (rule === undefined) {
      return this.#exposition.series
        .filter(({ name }) => name === metric)
        .flatMap(({ labels }) => labels[label] ?? []);
    }
    return parsePromql(rule.expr).selectors.flatMap((selector) => this.#valuesOf(selector.metric, label));
  }
}

/** `a|b` is two values, each of which has to occur; with an exact operator a value is taken as it is. */
function valuesOfMatcher({ isExact, value }: Matcher): string[] {
  return isExact ? [value] : value.split("|");
}

/** The labels that a recorded series has, as its name says: those before the first colon. */
export function levelOf(record: string): string[] {
  return record
    .split(":", 1)[0]!
    .split("_")
    .filter((label) => label !== "");
}
