import { METRICS, type MetricSpec } from "../../lib/metrics/catalogue.ts";
import { LABELS, type LabelName } from "../../lib/metrics/labels.ts";

export const PREFIX = "sagemaker_client_";

/** Labels whose values differ from metric to metric. */
const SHARED_LABELS: readonly string[] = ["reason", "result"];

/**
 * Refuses a series that the client could never have: no such series has a value, whatever the client does, and a test
 * that asks for one to be absent, or for its sum to be 0, cannot fail.
 *
 * @param name without the prefix, such as `requests_total` or `queue_wait_seconds_sum`
 */
export function checkSeries(name: string, labels: Readonly<Record<string, string>>): void {
  const spec = Object.values<MetricSpec>(METRICS).find((one) => seriesOf(one).includes(`${PREFIX}${name}`));
  if (spec === undefined) throw new Error(`no metric has series of the name ${name}`);
  for (const [label, value] of Object.entries(labels)) {
    if (label === "le" && spec.type === "histogram") continue;
    if (!spec.labels.includes(label as LabelName)) throw new Error(`${name} has no label ${label}`);
    const { values } = LABELS[label as LabelName];
    if (!SHARED_LABELS.includes(label) && values?.includes(value) === false) {
      throw new Error(`the label ${label} of ${name} is never ${value}`);
    }
  }
}

function seriesOf({ name, type }: MetricSpec): string[] {
  return type === "histogram" ? [`${name}_sum`, `${name}_count`, `${name}_bucket`] : [name];
}
