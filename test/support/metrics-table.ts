import { METRICS, type MetricSpec } from "../../lib/metrics/catalogue.ts";
import { LABELS } from "../../lib/metrics/labels.ts";

/** The README's tables of metrics and labels, as Markdown. */
export function renderMetricsTables(): string {
  return `${table(["Metric", "Type", "Labels", "Meaning"], Object.values(METRICS).map(metricRow))}

${table(["Label", "Meaning"], Object.entries(LABELS).map(labelRow))}
`;
}

function metricRow({ name, type, labels, help }: MetricSpec): string[] {
  return [code(name), type, labels.map(code).join(", "), help.replaceAll("_other", code("_other"))];
}

function labelRow([name, { help, values }]: [string, (typeof LABELS)[keyof typeof LABELS]]): string[] {
  return [code(name), values === undefined ? help : `${help} ${values.map(code).join(", ")}`];
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
