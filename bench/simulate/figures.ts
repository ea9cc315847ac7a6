import type { RunResult } from "./run-result.ts";
import type { Phase } from "./scenarios/scenario.ts";

/** A fleet has recovered when in every so many seconds from then on this share of the requests is answered. */
const RECOVERED_WINDOW_S = 5;
const RECOVERED_SHARE = 0.95;
const AMPLIFICATION_WINDOW_S = 5;

/** Of ascending values, the one that a share `q` does not exceed; 0 of none. */
export function percentile(ascending: readonly number[], q: number): number {
  return ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? 0;
}

/** The share of the requests of a phase that were answered. */
export function goodput({ requests, good }: RunResult, { fromS, toS }: Phase): number {
  return sum(good, fromS, toS) / Math.max(1, sum(requests, fromS, toS));
}

/** Seconds from the beginning of the phase to where goodput is back and stays; `undefined` where it does not. */
export function recoveryS({ requests, good }: RunResult, { fromS, toS }: Phase): number | undefined {
  let recoveredAt: number | undefined;
  for (let from = toS - RECOVERED_WINDOW_S; from >= fromS; from--) {
    const to = from + RECOVERED_WINDOW_S;
    if (sum(good, from, to) < RECOVERED_SHARE * sum(requests, from, to)) break;
    recoveredAt = from - fromS;
  }
  return recoveredAt;
}

/** The most attempts per request, over the requests of any 5 s. */
export function worstAmplification({ requests, attempts }: RunResult): number {
  let worst = 0;
  for (let from = 0; from + AMPLIFICATION_WINDOW_S <= requests.length; from++) {
    const to = from + AMPLIFICATION_WINDOW_S;
    worst = Math.max(worst, sum(attempts, from, to) / Math.max(1, sum(requests, from, to)));
  }
  return worst;
}

/** Attempts per request over a phase, as the endpoint sees them: those that were sent in it. */
export function offeredLoad({ requests, sent }: RunResult, { fromS, toS }: Phase): number {
  return sum(sent, fromS, toS) / Math.max(1, sum(requests, fromS, toS));
}

function sum(values: readonly number[], from: number, to: number): number {
  let total = 0;
  for (let index = from; index < to; index++) total += values[index] ?? 0;
  return total;
}
