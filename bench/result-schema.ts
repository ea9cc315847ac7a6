import { Ajv } from "ajv";
import { METRIC_KEYS } from "./metrics.ts";
import { FORMAT, type PartResult } from "./result.ts";

const text = { type: "string", minLength: 1 };
const number = { type: "number" };
const texts = { type: "object", additionalProperties: { type: "string" } };

/** An object with exactly these members, all of them required but the `optional` ones. */
function object(required: Record<string, object>, optional: Record<string, object> = {}): object {
  const properties = { ...required, ...optional };
  return { type: "object", properties, required: Object.keys(required), additionalProperties: false };
}

function listOf(items: object, minItems = 0): object {
  return { type: "array", items, minItems };
}

const measured = { client: text, work: text, metric: { enum: METRIC_KEYS } };
const point = { type: "array", items: [number, number], minItems: 2, maxItems: 2 };

const machine = object({
  cpu: text,
  cores: { type: "integer", minimum: 1 },
  memoryBytes: number,
  loadAverage: number,
  system: text,
  node: text,
  v8: text,
});

const RESULT = {
  format: { const: FORMAT },
  part: { type: "string", pattern: "^[a-z0-9-]+$" },
  startedAt: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z$" },
  command: text,
  revision: text,
  isQuick: { type: "boolean" },
  rounds: { type: "integer", minimum: 1 },
  machine,
  packages: texts,
  clients: texts,
  figures: listOf(object({ ...measured, values: listOf(number, 1) })),
  curves: listOf(
    object({ ...measured, kind: { enum: ["percentiles", "overTime"] }, points: listOf(point, 1) }),
  ),
};

const validate = new Ajv({ strict: true, strictTuples: false }).compile(
  object(RESULT, {
    hasOwnCores: { type: "boolean" },
    stolenShare: { type: "number", minimum: 0, maximum: 1 },
  }),
);

/** Why something is not the result of a part, such as `figures[3].metric must be ...`; `undefined` where it is one. */
export function faultOf(content: unknown): string | undefined {
  const format = (content as { format?: unknown } | null)?.format;
  if (format !== FORMAT) return `not a result of format ${FORMAT}`;
  return shapeFault(content) ?? duplicateFault(content as PartResult);
}

function shapeFault(content: unknown): string | undefined {
  if (validate(content)) return undefined;
  const error = validate.errors![0]!;
  const path = error.instancePath
    .slice(1)
    .replaceAll(/\/(\d+)/g, "[$1]")
    .replaceAll("/", ".");
  const allowed = error.params.allowedValues ?? error.params.allowedValue ?? error.params.additionalProperty;
  const detail = allowed === undefined ? "" : `: ${[allowed].flat().join(", ")}`;
  return `${path || "the result"} ${error.message}${detail}`;
}

/** Two figures of one thing would make it a matter of order which one the report shows. */
function duplicateFault({ figures }: PartResult): string | undefined {
  const seen = new Set<string>();
  for (const [index, { client, work, metric }] of figures.entries()) {
    const key = JSON.stringify([client, work, metric]);
    if (seen.has(key)) return `figures[${index}] repeats ${metric} of ${client} at ${JSON.stringify(work)}`;
    seen.add(key);
  }
  return undefined;
}
