import { checkInteger, checkKeys, checkOneOf, invalidOption } from "../../validate.ts";
import {
  bytesField,
  delayField,
  type FieldCheck,
  type Fields,
  headerField,
  objectOf,
  optional,
  required,
  textField,
} from "./fields.ts";
import type { Fault, LatencyDistribution, LatencyPoint } from "./script.ts";

type FieldChecks = Readonly<Record<string, FieldCheck>>;

const statusField: FieldCheck = (name, value) => checkInteger(name, value as number, 200, 599);

/** What each type of fault must and may have besides `type`. */
const FAULTS: Readonly<Record<Exclude<Fault["type"], "latency">, { must: FieldChecks; may: FieldChecks }>> = {
  status: {
    must: { status: statusField },
    may: {
      code: headerField,
      message: textField,
      retryAfterMs: (name, value) => checkInteger(name, value as number, 0),
      body: textField,
      contentType: headerField,
      originalStatusCode: (name, value) => checkInteger(name, value as number, 0, 599),
      originalMessage: textField,
    },
  },
  notReady: { must: {}, may: { message: textField } },
  reset: { must: {}, may: { afterBytes: bytesField } },
  stall: { must: {}, may: { afterBytes: bytesField } },
  truncate: { must: {}, may: { afterBytes: bytesField } },
  slowBytes: { must: { bytesPerSecond: (name, value) => checkInteger(name, value as number, 1) }, may: {} },
  closeKeepAlive: {
    must: {},
    may: { when: (name, value) => checkOneOf(name, value as string, ["nextRequest", "idle"]) },
  },
};

const DISTRIBUTIONS: Readonly<Record<LatencyDistribution["distribution"], FieldChecks>> = {
  fixed: { ms: delayField },
  uniform: { minMs: delayField, maxMs: delayField },
  normal: { meanMs: delayField, standardDeviationMs: delayField },
  exponential: { meanMs: delayField },
  percentiles: { points: parsePoints },
};

const FAULT_TYPES = [...Object.keys(FAULTS), "latency"] as Fault["type"][];

/** Checks one fault; `name` is where it stands in the script. */
export function parseFault(name: string, value: unknown): Fault {
  const fault = objectOf(name, value);
  const type = checkOneOf(`${name}.type`, fault.type as string, FAULT_TYPES);
  if (type === "latency") return { type, ...parseDistribution(name, fault) };
  const { must, may } = FAULTS[type];
  checkKeys(name, fault, ["type", ...Object.keys(must), ...Object.keys(may)]);
  return { type, ...required(name, fault, must), ...optional(name, fault, may) } as Fault;
}

function parseDistribution(name: string, fault: Fields): LatencyDistribution {
  const names = Object.keys(DISTRIBUTIONS) as LatencyDistribution["distribution"][];
  const distribution = checkOneOf(`${name}.distribution`, fault.distribution as string, names);
  const fields = DISTRIBUTIONS[distribution];
  checkKeys(name, fault, ["type", "distribution", ...Object.keys(fields)]);
  const parsed = { distribution, ...required(name, fault, fields) } as LatencyDistribution;
  if (parsed.distribution === "uniform" && parsed.maxMs < parsed.minMs) {
    throw invalidOption(`${name}.maxMs`, `at least minMs (${parsed.minMs})`, parsed.maxMs);
  }
  return parsed;
}

function parsePoints(name: string, value: unknown): LatencyPoint[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalidOption(name, "a list of at least one { percentile, ms }", value);
  }
  const points: LatencyPoint[] = [];
  for (const [index, entry] of value.entries())
    points.push(parsePoint(`${name}[${index}]`, entry, points.at(-1)));
  return points;
}

function parsePoint(name: string, value: unknown, before: LatencyPoint | undefined): LatencyPoint {
  const fields = objectOf(name, value);
  checkKeys(name, fields, ["percentile", "ms"]);
  const { percentile } = fields;
  if (typeof percentile !== "number" || !(percentile >= 0 && percentile <= 100)) {
    throw invalidOption(`${name}.percentile`, "a number from 0 to 100", percentile);
  }
  const ms = delayField(`${name}.ms`, fields.ms);
  if (before !== undefined && percentile <= before.percentile) {
    throw invalidOption(`${name}.percentile`, `above the one before it (${before.percentile})`, percentile);
  }
  if (before !== undefined && ms < before.ms) {
    throw invalidOption(`${name}.ms`, `at least the one before it (${before.ms})`, ms);
  }
  return { percentile, ms };
}
