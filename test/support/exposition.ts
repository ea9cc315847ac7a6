import { checkSeries, PREFIX } from "./known-series.ts";

/** One line of a text exposition. */
export interface ExposedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A parsed text or OpenMetrics exposition. */
export class Exposition {
  readonly series: readonly ExposedSeries[];
  /** By the name of the `# TYPE` line. */
  readonly types: ReadonlyMap<string, string>;

  constructor(series: readonly ExposedSeries[], types: ReadonlyMap<string, string>) {
    this.series = series;
    this.types = types;
  }

  /** Series of that name whose labels include `labels`. */
  all(name: string, labels: Readonly<Record<string, string>> = {}): ExposedSeries[] {
    if (name.startsWith(PREFIX)) checkSeries(name.slice(PREFIX.length), labels);
    const isMatch = (one: ExposedSeries) =>
      Object.entries(labels).every(([key, value]) => one.labels[key] === value);
    return this.series.filter((one) => one.name === name && isMatch(one));
  }

  /** The value of the only such series; `undefined` where there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.all(name, labels);
    if (found.length > 1) throw new Error(`${found.length} series match ${name} ${JSON.stringify(labels)}`);
    return found[0]?.value;
  }

  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.all(name, labels).reduce((sum, one) => sum + one.value, 0);
  }

  /** Values of a label over all series of that name. */
  labelValues(name: string, label: string): Set<string | undefined> {
    return new Set(this.all(name).map((one) => one.labels[label]));
  }
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(,|$)/y;

/** @throws {Error} for a line that breaks the format, a series without a type, or one that stands there twice */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const series: ExposedSeries[] = [];
  const seen = new Set<string>();
  for (const line of text.split("\n")) {
    if (line === "" || line === "# EOF" || line.startsWith("# HELP ")) continue;
    if (line.startsWith("# TYPE ")) {
      const [, , name = "", type = ""] = line.split(" ");
      if (types.has(name)) throw new Error(`second TYPE of ${name}`);
      types.set(name, type);
      continue;
    }
    const one = parseLine(line);
    const identity = JSON.stringify([one.name, Object.entries(one.labels).sort()]);
    if (seen.has(identity)) throw new Error(`duplicate series: ${line}`);
    if (!isTyped(one.name, types)) throw new Error(`series without a type: ${line}`);
    seen.add(identity);
    series.push(one);
  }
  return new Exposition(series, types);
}

function parseLine(line: string): ExposedSeries {
  const [, name, labelText = "", value] = LINE.exec(line) ?? [];
  if (name === undefined) throw new Error(`not a line of an exposition: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  for (let match = LABEL.exec(labelText); match !== null; match = LABEL.exec(labelText)) {
    labels[match[1] as string] = match[2] as string;
    end = LABEL.lastIndex;
  }
  if (end !== labelText.length) throw new Error(`bad labels: ${line}`);
  return { name, labels, value: value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value) };
}

function isTyped(name: string, types: ReadonlyMap<string, string>): boolean {
  return types.has(name) || types.has(name.replace(/_(?:bucket|sum|count|total)$/, ""));
}
