import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import {
  answers,
  part,
  resets,
  STREAM_END,
  STREAM_HEAD,
  sends,
  silence,
  unavailable,
} from "../support/behaviours.ts";
import { CountingClock } from "../support/counting-clock.ts";
import type { Behaviour, SeenRequest } from "../support/faulty-server.ts";
import { type LoopbackClient, loopback } from "../support/loopback-client.ts";
import { processAlarms } from "../support/process-alarms.ts";

const CALLS = 10_000;
const CONCURRENCY = 64;
const MAX_SOCKETS = 32;

/** How the calls end, by a share of a hundred. */
const KINDS = [
  ["ok", 80],
  ["unavailable-once", 8],
  ["reset-once", 3],
  ["stream", 3],
  ["left-stream", 2],
  ["aborted", 2],
  ["timed-out", 2],
] as const;

type Kind = (typeof KINDS)[number][0];

const SCHEDULE: readonly Kind[] = KINDS.flatMap(([kind, share]) => Array<Kind>(share).fill(kind));

/** The kind of the call stands in its path, and the attempt in a header. */
function behaviourFor({ path, headers }: SeenRequest): Behaviour {
  const isFirst = headers["amz-sdk-request"]?.startsWith("attempt=1;") === true;
  if (path.includes("unavailable-once") && isFirst) return unavailable;
  if (path.includes("reset-once") && isFirst) return resets;
  if (path.includes("left-stream")) return sends(STREAM_HEAD, part("a"), part("b"));
  if (path.includes("stream")) return sends(STREAM_HEAD, part("a"), STREAM_END);
  return path.includes("aborted") || path.includes("timed-out") ? silence : answers();
}

async function run(kind: Kind, caller: LoopbackClient, longLived: AbortSignal): Promise<string> {
  const EndpointName = kind;
  switch (kind) {
    case "stream":
      return await (await caller.stream({ abortSignal: longLived }, { EndpointName })).Body.text();
    case "left-stream":
      for await (const _ of (await caller.stream({ abortSignal: longLived }, { EndpointName })).Body) break;
      return "left";
    case "timed-out":
      await caller.invoke({ abortSignal: longLived, callTimeoutMs: 25 }, { EndpointName });
      return "answered";
    case "aborted":
      return await runAborted(caller);
    default:
      await caller.invoke({ abortSignal: longLived }, { EndpointName });
      return "answered";
  }
}

async function runAborted(caller: LoopbackClient): Promise<string> {
  const controller = new AbortController();
  const pending = caller.invoke({ abortSignal: controller.signal }, { EndpointName: "aborted" });
  setImmediate(() => controller.abort());
  try {
    await pending;
    return "answered";
  } finally {
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  }
}

/** Seconds where the machine is idle, and more where it is not. */
describe("a client that has made 10,000 calls with one long-lived signal", { timeout: 120_000 }, () => {
  it("has left no listener, timer, call or connection behind, and no alarm was raised", async () => {
    const clock = new CountingClock();
    const { server, caller } = await loopback(behaviourFor, {
      maxSockets: MAX_SOCKETS,
      clock,
      retry: { budget: false },
      circuitBreaker: false,
    });
    const { signal } = new AbortController();
    const tally = new Map<string, number>();

    async function work(worker: number): Promise<void> {
      for (let i = worker; i < CALLS; i += CONCURRENCY) {
        const kind = SCHEDULE[i % SCHEDULE.length]!;
        const result = await run(kind, caller, signal).catch((error: Error) => error.name);
        const key = `${kind}: ${result}`;
        tally.set(key, (tally.get(key) ?? 0) + 1);
      }
    }

    const alarms = await processAlarms(async () => {
      await Promise.all(Array.from({ length: CONCURRENCY }, (_, worker) => work(worker)));
      expect(getEventListeners(signal, "abort")).toEqual([]);
      expect(clock.pendingTimers).toBe(0);
      expect(await caller.metric("requests_in_flight")).toBe(0);
      expect(server.openSockets).toBeLessThanOrEqual(MAX_SOCKETS);
      // Resolves only when no call is live.
      await caller.client.close();
      await server.emptied();
    });

    expect(Object.fromEntries(tally)).toEqual({
      "ok: answered": 8_000,
      "unavailable-once: answered": 800,
      "reset-once: answered": 300,
      "stream: a": 300,
      "left-stream: left": 200,
      "aborted: AbortError": 200,
      "timed-out: TimeoutError": 200,
    });
    expect(alarms).toEqual([]);
  });
});
