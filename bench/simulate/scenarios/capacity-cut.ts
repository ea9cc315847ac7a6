import { exponential } from "../engine/distributions.ts";
import { holdfastPolicy } from "../policies/holdfast.ts";
import { awsBucket, cockatielDefaults, fixedAttempts, noRetry } from "../policies/peers.ts";
import type { Scenario } from "./scenario.ts";

const WORKERS = 40;
const SERVICE_MS = 500;
const CUT_FROM_S = 30;
const CUT_TO_S = 50;
const MEASURED_S = 120;
/** Requests go on for a while, so that the last ones that are measured end under load. */
const ARRIVALS_S = CUT_TO_S + MEASURED_S + 15;
const CUT_SHARE = 0.25;

const PEERS = [noRetry, fixedAttempts, awsBucket, cockatielDefaults];

const holdfast = holdfastPolicy("holdfast", "the client with its default options");

/** A fleet whose endpoint loses three quarters of its capacity for 20 s. */
export function capacityCut(processes: number, load: number, withPeers: boolean): Scenario {
  return {
    name: `capacity cut, ${processes} processes, ${Math.round(100 * load)} % load`,
    group: "capacity cut",
    processes,
    endpoint: {
      variants: [{ name: "main", weight: 1, workers: WORKERS }],
      serviceMs: exponential(SERVICE_MS),
    },
    traffic: { perSecond: (load * WORKERS * 1_000) / SERVICE_MS, forS: ARRIVALS_S },
    attemptTimeoutMs: 5_000,
    phases: [
      { name: "before", fromS: 0, toS: CUT_FROM_S },
      { name: "during", fromS: CUT_FROM_S, toS: CUT_TO_S },
      { name: "after", fromS: CUT_TO_S, toS: CUT_TO_S + MEASURED_S },
    ],
    policies: withPeers ? [holdfast, ...PEERS] : [holdfast],
    plan(time, endpoint) {
      const { station } = endpoint.variants[0]!;
      time.at(CUT_FROM_S * 1_000, () => station.setWorkers(WORKERS * CUT_SHARE));
      time.at(CUT_TO_S * 1_000, () => station.setWorkers(WORKERS));
    },
  };
}
