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
/**
 * At a rate, before its window and without a pause in between: connections are open, and what the closed loop or another
 * rate had piled up is worked off. A pause, and a collection in it, would be the first thing that the window measures.
 */
const SETTLE_MS = 1_000;

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
  const latencyUs = new Float64Array(Math.ceil((plan.windowMs / 1_000) * ratePerSecond) + 1);
  let answered = 0;
  const load = new OpenLoad(client, {
    request,
    answerBytes: work.responseBytes,
    ratePerSecond,
    pacing: "spin",
    onAnswer(latencyMs, dueAfterMs) {
      if (dueAfterMs >= SETTLE_MS) latencyUs[answered++] = latencyMs * 1_000;
    },
  });
  const run = await load.run(SETTLE_MS + plan.windowMs);
  return { sample: sampleOf(run, latencyUs.subarray(0, answered)), calls: run.calls };
}

function sampleOf({ calls, wallMs, isSustained }: OpenRun, latencyUs: Float64Array): RateSample {
  return {
    isSustained,
    achievedPerSecond: (calls / wallMs) * 1_000,
    latencyUs: isSustained ? percentilesOf(latencyUs) : [],
  };
}
