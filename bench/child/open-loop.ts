import type { OpenClient } from "../client.ts";
import { type Percentiles, percentilesOf } from "../percentiles.ts";
import { answerTask } from "./answer-task.ts";
import { OpenLoad, type OpenRun } from "./open-load.ts";
import { type ClientInput, openLoad, requestBody } from "./opened.ts";

/** How long one process measures. */
export interface OpenLoopPlan {
  /** In a closed loop with 64 in flight, at least this many calls and this long; then at the rate. */
  readonly warmUpCalls: number;
  readonly warmUpMs: number;
  /** At each rate, in milliseconds. */
  readonly windowMs: number;
}

export interface OpenLoopInput extends ClientInput {
  readonly ratesPerSecond: readonly number[];
  readonly plan: OpenLoopPlan;
}

export interface RateSample {
  readonly isSustained: boolean;
  /** Calls per second that were answered. */
  readonly achievedPerSecond: number;
  /** Latency in microseconds, from when each call was due; empty where the rate was not sustained. */
  readonly latencyUs: Percentiles;
}

export interface OpenLoopSample {
  /** In the order of the rates. */
  readonly rates: readonly RateSample[];
  readonly calls: number;
}

const WARM_UP_CONCURRENCY = 64;
/** At a rate, before its window: connections are open and what the closed loop grew is shed. */
const SETTLE_MS = 500;

await answerTask(measureOpenLoop);

async function measureOpenLoop(input: OpenLoopInput): Promise<OpenLoopSample> {
  const { ratesPerSecond, plan } = input;
  const { client, load } = await openLoad(input);
  const warmUntil = performance.now() + plan.warmUpMs;
  await load.run(WARM_UP_CONCURRENCY, (now) => now < warmUntil || load.calls < plan.warmUpCalls);
  let { calls } = load;
  const rates: RateSample[] = [];
  for (const ratePerSecond of ratesPerSecond) {
    const measured = await measureRate(client, input, ratePerSecond);
    calls += measured.calls;
    rates.push(measured.sample);
  }
  await client.close();
  return { rates, calls };
}

async function measureRate(
  client: OpenClient,
  { work, plan }: OpenLoopInput,
  ratePerSecond: number,
): Promise<{ sample: RateSample; calls: number }> {
  const request = requestBody(work);
  const common = { request, answerBytes: work.responseBytes, ratePerSecond, pacing: "spin" } as const;
  const settling = await new OpenLoad(client, { ...common, onAnswer: () => {} }).run(SETTLE_MS);
  globalThis.gc?.();
  const latencyUs = new Float64Array(Math.ceil((plan.windowMs / 1_000) * ratePerSecond) + 1);
  let answered = 0;
  const onAnswer = (latencyMs: number) => {
    latencyUs[answered++] = latencyMs * 1_000;
  };
  const run = await new OpenLoad(client, { ...common, onAnswer }).run(plan.windowMs);
  return {
    sample: sampleOf(run, latencyUs.subarray(0, answered)),
    calls: settling.calls + run.calls,
  };
}

function sampleOf({ calls, wallMs, isSustained }: OpenRun, latencyUs: Float64Array): RateSample {
  return {
    isSustained,
    achievedPerSecond: (calls / wallMs) * 1_000,
    latencyUs: isSustained ? percentilesOf(latencyUs) : [],
  };
}
