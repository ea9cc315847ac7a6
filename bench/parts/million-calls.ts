import type { Part } from "../part.ts";
import { measure, type SoakStep } from "./soak.ts";

const CALLS = 1_000_000;
const QUICK_CALLS = 50_000;

/** The official client takes ten times as long for a call: a fifth of the calls shows as much, in bounded time. */
const FEWER_CALLS: Readonly<Record<string, number>> = { "aws-sdk": 200_000 };

/** Of the baseline and holdfast, three clients at once on two cores. */
const CALLS_PER_SECOND = 3_000;

const SAMPLE_EVERY_MS = 1_000;

export const millionCalls: Part = {
  name: "million-calls",
  title: "memory, sockets, listeners and timers over a million calls as fast as they go",
  clients: ["undici", "holdfast", "aws-sdk"],
  quickClients: [],
  estimateSeconds: ({ isQuick }) => callsOf("holdfast", isQuick) / CALLS_PER_SECOND,
  measure: (run) => measure(run, (client) => stepOf(callsOf(client, run.isQuick))),
};

function stepOf(calls: number): SoakStep {
  return {
    work: `${calls.toLocaleString("en-US")} calls`,
    length: { calls },
    sampleEveryMs: SAMPLE_EVERY_MS,
  };
}

function callsOf(client: string, isQuick: boolean): number {
  return isQuick ? QUICK_CALLS : (FEWER_CALLS[client] ?? CALLS);
}
