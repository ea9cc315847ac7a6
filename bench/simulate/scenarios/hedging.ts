import { logNormal, withStragglers } from "../engine/distributions.ts";
import { holdfastPolicy } from "../policies/holdfast.ts";
import type { Phase, Scenario } from "./scenario.ts";

const WORKERS = 40;
/** Two thirds of what the workers can do. */
const PER_SECOND = 40;
const SLOW_FROM_S = 60;
const SLOW_TO_S = 90;

const POLICIES = [
  holdfastPolicy("holdfast", "the client with its default options"),
  holdfastPolicy("holdfast, hedging", "the same with hedge: {}", { hedge: {} }),
];

/** One answer in twenty takes 3 s longer. */
export function stragglers(processes: number): Scenario {
  return hedging("stragglers", processes, [{ name: "healthy", fromS: 30, toS: 210 }], () => {});
}

/** The same, and everything takes three times as long for half a minute: hedges must not keep it down. */
export function hedgingStorm(processes: number): Scenario {
  const phases = [
    { name: "before", fromS: 30, toS: SLOW_FROM_S },
    { name: "during", fromS: SLOW_FROM_S, toS: SLOW_TO_S },
    { name: "after", fromS: SLOW_TO_S, toS: SLOW_TO_S + 120 },
  ];
  return hedging("hedging storm", processes, phases, (time, endpoint) => {
    const { station } = endpoint.variants[0]!;
    time.at(SLOW_FROM_S * 1_000, () => station.setSlowness(3));
    time.at(SLOW_TO_S * 1_000, () => station.setSlowness(1));
  });
}

function hedging(group: string, processes: number, phases: Phase[], plan: Scenario["plan"]): Scenario {
  return {
    name: `${group}, ${processes} processes`,
    group,
    processes,
    endpoint: {
      variants: [{ name: "main", weight: 1, workers: WORKERS }],
      serviceMs: withStragglers(logNormal(500, 0.6), 0.05, 3_000),
    },
    traffic: { perSecond: PER_SECOND, forS: 225 },
    attemptTimeoutMs: 5_000,
    phases,
    policies: POLICIES,
    plan,
  };
}
