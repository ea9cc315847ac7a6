import type { OpenClient } from "../client.ts";
import { answerBody } from "../server/answers.ts";
import { answerTask } from "./answer-task.ts";
import { Census, type Counts } from "./census.ts";
import { Load } from "./load.ts";
import { OpenLoad } from "./open-load.ts";
import { type ClientInput, openClient, requestBody } from "./opened.ts";
import { Sampler, type SoakPoint } from "./soak-sampler.ts";

/** So many calls as fast as they go, or so long at a rate. */
export type SoakLength =
  | { readonly calls: number }
  | { readonly durationMs: number; readonly ratePerSecond: number };

export interface SoakInput extends ClientInput {
  readonly length: SoakLength;
  readonly sampleEveryMs: number;
}

export interface SoakSample {
  readonly calls: number;
  /** Calls per second after the warm-up. */
  readonly goodput: number;
  readonly points: readonly SoakPoint[];
  /** Growth of the heap in bytes, each time after a collection, from the end of the warm-up to the end. */
  readonly heapGrowth: number;
  readonly heapUsed: number;
  /** What is left after the client was closed that was not there before it was opened. */
  readonly left: Counts;
}

/** The first part of the whole: code is compiled, pools and caches find their size. */
const WARM_UP_SHARE = 0.1;
const CONCURRENCY = 64;
/** Sockets that were told to end may take a moment. */
const SETTLE_MS = 3_000;

await answerTask(soak);

async function soak(input: SoakInput): Promise<SoakSample> {
  const { signal } = new AbortController();
  const census = new Census(signal);
  const before = census.take();
  const client = await openClient(input.clientUrl, input.target);
  const sampler = new Sampler(census);
  const run = phaseRunner(client, input, signal, () => sampler.countAnswer());
  sampler.start(input.sampleEveryMs);
  const warmUpCalls = await run(WARM_UP_SHARE);
  const heapBefore = collectedHeap();
  const startedAt = performance.now();
  const calls = await run(1 - WARM_UP_SHARE);
  const goodput = (calls * 1_000) / (performance.now() - startedAt);
  const heapUsed = collectedHeap();
  sampler.stop();
  await client.close();
  const after = await settled(census, before);
  census.end();
  return {
    calls: warmUpCalls + calls,
    goodput,
    points: sampler.points,
    heapGrowth: heapUsed - heapBefore,
    heapUsed,
    left: {
      sockets: after.sockets - before.sockets,
      listeners: after.listeners - before.listeners,
      timers: after.timers - before.timers,
    },
  };
}

/** Makes a share of all the calls, and returns how many that were. */
function phaseRunner(
  client: OpenClient,
  { work, length }: SoakInput,
  abortSignal: AbortSignal,
  onAnswer: () => void,
): (share: number) => Promise<number> {
  const request = requestBody(work);
  if ("durationMs" in length) {
    const { durationMs, ratePerSecond } = length;
    const answerBytes = work.responseBytes;
    const load = new OpenLoad(client, {
      request,
      answerBytes,
      ratePerSecond,
      abortSignal,
      pacing: "timer",
      // A pause of the machine is no reason to end a soak. One that is too slow shows by its goodput.
      maxLagMs: Number.POSITIVE_INFINITY,
      onAnswer,
    });
    return async (share) => (await load.run(durationMs * share)).calls;
  }
  const counting: OpenClient = {
    async call(body, signal) {
      const answer = await client.call(body, signal);
      onAnswer();
      return answer;
    },
    close: () => client.close(),
  };
  const load = new Load(counting, request, answerBody(work.responseBytes), abortSignal);
  return (share) => {
    const enough = load.calls + Math.round(length.calls * share);
    return load.run(CONCURRENCY, () => load.calls < enough);
  };
}

function collectedHeap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** The counts once nothing is left over, or when there was time enough for it to go. */
async function settled(census: Census, before: Counts): Promise<Counts> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const now = census.take();
    const isClean = now.sockets <= before.sockets && now.timers <= before.timers;
    if (isClean || performance.now() > until) return now;
    await new Promise(setImmediate);
  }
}
