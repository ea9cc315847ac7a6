import { METRICS, type Metric, type MetricKey, summaryOf } from "./metrics.ts";
import type { PartResult } from "./result.ts";
import { MACHINE } from "./standstill.ts";

/** What is to be reached, as data: how a value comes out of a part's figures, and the highest one allowed. */
export interface Goal {
  readonly title: string;
  readonly work: string | RegExp;
  readonly metric: MetricKey;
  /** Whose figure it is. @default "holdfast" */
  readonly client?: string;
  /** @default "median" - a leak is one in any round, so leaks take the maximum */
  readonly of?: "median" | "max";
  /** Makes it a ratio: to this client at the same work and metric, or to another metric of the same client. */
  readonly per?: { readonly client: string } | { readonly metric: MetricKey };
  /** What shows the same without the client: where that alone is above the bound, the goal cannot be judged there. */
  readonly floor?: string;
  /** Highest value that meets the goal: a ratio, or in the unit that the metric is shown in. */
  readonly bound: number;
}

/** A goal and what was measured of it. */
export interface GoalOutcome {
  readonly goal: Goal;
  /** A ratio, or in the unit that the metric is shown in; `undefined` where a figure for it is missing. */
  readonly value: number | undefined;
  /** What the same figure was without the client, where it alone is above the bound. */
  readonly floor?: number | undefined;
  /**
   * `undefined`: not measured, or above the bound with a floor that is. Without a value `false`: the client did not hold
   * the rate that it was asked at.
   */
  readonly isMet: boolean | undefined;
  /** Where the figures are from. */
  readonly part: PartResult | undefined;
}

const SMALL_BUSY = "1 KB, 64 in flight";
const SMALL_ALONE = "1 KB, 1 in flight";
const OPEN_LOOP = /^1 KB, open loop, /;
const MILLION_CALLS = "1,000,000 calls";

const UNDICI = { client: "undici" };
/** Moving and hashing the bytes is what a signed call with a large body cannot do without. */
const UNDICI_AND_HASH = { client: "undici-sha256" };
const OFFICIAL = { client: "aws-sdk" };

/** Heap bytes that bare undici's `request` allocates per call of 1 KB: 13 KB. */
const UNDICI_HEAP_BYTES = 13 * 1024;

export const GOALS: readonly Goal[] = [
  { title: "CPU, 1 KB, 64 in flight", work: SMALL_BUSY, metric: "CPU", per: UNDICI, bound: 1.2 },
  { title: "CPU, 1 KB, 64 in flight", work: SMALL_BUSY, metric: "CPU", per: OFFICIAL, bound: 0.09 },
  { title: "CPU, 1 KB, 1 in flight", work: SMALL_ALONE, metric: "CPU", per: UNDICI, bound: 1.1 },
  { title: "CPU, 1 KB, 1 in flight", work: SMALL_ALONE, metric: "CPU", per: OFFICIAL, bound: 0.2 },
  { title: "p50, open loop", work: OPEN_LOOP, metric: "p50", per: UNDICI, bound: 1.15 },
  { title: "p99, open loop", work: OPEN_LOOP, metric: "p99", per: UNDICI, bound: 1.15 },
  { title: "heap per call, 1 KB", work: SMALL_BUSY, metric: "heap", bound: UNDICI_HEAP_BYTES },
  { title: "heap per call, 1 KB", work: SMALL_BUSY, metric: "heap", per: OFFICIAL, bound: 0.09 },
  ...["64 in flight", "1 in flight"].flatMap((load): Goal[] => [
    { title: `CPU, 64 KB, ${load}`, work: `64 KB, ${load}`, metric: "CPU", per: UNDICI_AND_HASH, bound: 1.2 },
    { title: `CPU, 5 MB, ${load}`, work: `5 MB, ${load}`, metric: "CPU", per: UNDICI_AND_HASH, bound: 1.05 },
    {
      title: `longest event-loop stall, 5 MB, ${load}`,
      work: `5 MB, ${load}`,
      metric: "stall",
      floor: MACHINE,
      bound: 1,
    },
  ]),
  {
    title: "CPU per part of a stream",
    work: "stream of 10,000 parts",
    metric: "cpuPart",
    per: OFFICIAL,
    bound: 0.5,
  },
  {
    title: "cold import and first client, time",
    work: "cold import and first client",
    metric: "importTime",
    per: OFFICIAL,
    bound: 0.4,
  },
  { title: "bundled core", work: "core, bundled and minified", metric: "bundle", bound: 120 },
  {
    title: "resilience layers together",
    work: "1 KB, null transport",
    metric: "layerCPU",
    client: "resilience layers together",
    bound: 6,
  },
  {
    title: "RSS growth after warm-up, as a share of RSS",
    work: MILLION_CALLS,
    metric: "rssGrowth",
    of: "max",
    per: { metric: "rss" },
    // Flat: 5 % of a process of 100 MB is 5 bytes a call, less than the smallest object that could leak.
    bound: 0.05,
  },
  {
    title: "RSS trend over the second half, 97.5 % sure",
    work: MILLION_CALLS,
    metric: "rssTrendBound",
    of: "max",
    // Less than half of the smallest object: what leaks even one of them in two calls is above it.
    bound: 5,
  },
  ...(["listeners", "timers", "sockets"] as const).map(
    (metric): Goal => ({ title: `leaked ${metric}`, work: MILLION_CALLS, metric, of: "max", bound: 0 }),
  ),
];

/** What the goal came to in the first part that has all its figures. */
export function evaluateGoal(goal: Goal, parts: readonly PartResult[]): GoalOutcome {
  for (const part of parts) {
    const work = part.figures.find(
      (figure) => isWorkOf(goal, figure.work) && figure.metric === goal.metric,
    )?.work;
    if (work === undefined) continue;
    const value = measuredValue(goal, part, work);
    if (value !== undefined) return { goal, value, ...judge(goal, value, floorOf(goal, part, work)), part };
    if (hasRateOnly(goal, part, work)) return { goal, value, isMet: false, part };
  }
  return { goal, value: undefined, isMet: undefined, part: undefined };
}

/** A value above the bound says nothing about the client where the floor is above it as well. */
function judge(
  { bound }: Goal,
  value: number,
  floor: number | undefined,
): Pick<GoalOutcome, "isMet" | "floor"> {
  if (value <= bound) return { isMet: true };
  return floor !== undefined && floor > bound ? { isMet: undefined, floor } : { isMet: false };
}

function floorOf({ floor, ...goal }: Goal, part: PartResult, work: string): number | undefined {
  return floor === undefined ? undefined : measuredValue({ ...goal, client: floor }, part, work);
}

/** A client that did not hold a rate has the one that it achieved, and no latency. */
function hasRateOnly({ client = "holdfast", metric }: Goal, part: PartResult, work: string): boolean {
  const has = (key: MetricKey) => summaryOf(part, client, work, key) !== undefined;
  return has("rate") && !has(metric);
}

function isWorkOf({ work }: Goal, title: string): boolean {
  return typeof work === "string" ? work === title : work.test(title);
}

function measuredValue(goal: Goal, part: PartResult, work: string): number | undefined {
  const { client = "holdfast", metric, of = "median", per } = goal;
  const value = summaryOf(part, client, work, metric)?.[of];
  if (value === undefined) return undefined;
  if (per === undefined) return value / ((METRICS[metric] as Metric).scale ?? 1);
  const base = summaryOf(
    part,
    "client" in per ? per.client : client,
    work,
    "client" in per ? metric : per.metric,
  );
  return base === undefined || base[of] === 0 ? undefined : value / base[of];
}
