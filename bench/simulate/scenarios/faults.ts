import { exponential } from "../engine/distributions.ts";
import type { VariantSpec } from "../fleet/endpoint.ts";
import { holdfastPolicy } from "../policies/holdfast.ts";
import { nested } from "../policies/nested.ts";
import { awsBucket, cockatielDefaults, fixedAttempts, noRetry } from "../policies/peers.ts";
import type { Policy } from "../policies/policy.ts";
import type { Scenario } from "./scenario.ts";

const FROM_S = 30;
const TO_S = 50;
const PROCESSES = 20;
const ONE_VARIANT: readonly VariantSpec[] = [{ name: "main", weight: 1, workers: 40 }];

const holdfast = holdfastPolicy("holdfast", "the client with its default options");
const POLICIES = [holdfast, noRetry, fixedAttempts, awsBucket, cockatielDefaults];

/** Where some calls hang and others do not: with what a user may allow whose model may run twice for a call. */
const MAY_RUN_TWICE = [
  holdfastPolicy("holdfast, hedging", "the same with hedge: {}", { hedge: {} }),
  holdfastPolicy("holdfast, retrying timeouts", "the same with retry: { retryTimeouts: true }", {
    retry: { retryTimeouts: true },
  }),
];
const WITH_HANGS = POLICIES.toSpliced(1, 0, ...MAY_RUN_TWICE);

/** Everybody who answers is gone for 20 s, with all that waited, and comes back empty. */
export function crashAndRestart(): Scenario {
  return faults("crash and restart", ONE_VARIANT, (time, { variants }) => {
    time.at(FROM_S * 1_000, () => variants[0]!.station.crash());
    time.at(TO_S * 1_000, () => variants[0]!.station.restart());
  });
}

/** One instance of four takes five times as long for 20 s; calls are spread over all of them. */
export function slowNode(): Scenario {
  const nodes = ["one", "two", "three", "four"].map((name) => ({ name, weight: 1, workers: 10 }));
  const slow: Scenario["plan"] = (time, { variants }) => {
    time.at(FROM_S * 1_000, () => variants[0]!.station.setSlowness(5));
    time.at(TO_S * 1_000, () => variants[0]!.station.setSlowness(1));
  };
  return faults("slow node", nodes, slow, WITH_HANGS);
}

/** One variant of two, with a tenth of the traffic, answers every call with an error for 20 s. */
export function badVariant(): Scenario {
  const variants = [
    { name: "stable", weight: 9, workers: 36 },
    { name: "canary", weight: 1, workers: 4 },
  ];
  return faults("one bad variant", variants, (time, endpoint) => {
    time.at(FROM_S * 1_000, () => setErrorShare(1));
    time.at(TO_S * 1_000, () => setErrorShare(0));
    const setErrorShare = (share: number): void => {
      endpoint.variants[1]!.errorShare = share;
    };
  });
}

/** A tenth of what goes over the network is lost for 20 s, half of it on the way back. */
export function partialLoss(): Scenario {
  const lossy: Scenario["plan"] = (time, endpoint) => {
    const setLoss = (share: number): void => {
      endpoint.lossShare = share;
    };
    time.at(FROM_S * 1_000, () => setLoss(0.1));
    time.at(TO_S * 1_000, () => setLoss(0));
  };
  return faults("partial network loss", ONE_VARIANT, lossy, WITH_HANGS);
}

/** One error in twenty, for as long as it lasts: nobody is to be refused for that. */
export function randomErrors(): Scenario {
  return faults("random errors", ONE_VARIANT, (_, endpoint) => {
    endpoint.variants[0]!.errorShare = 0.05;
  });
}

/** Callers that try three times, around clients that do. */
export function nestedLayers(): Scenario {
  const policies = [nested(holdfast, 3), nested(fixedAttempts, 3), nested(awsBucket, 3)];
  return faults("nested retries", ONE_VARIANT, cutCapacity, policies);
}

/** Twenty seconds with a quarter of the workers; more come 15 s after they were missed. */
export function autoscaling(): Scenario {
  return faults("autoscaling lag", ONE_VARIANT, (time, { variants }) => {
    const { station } = variants[0]!;
    time.at(FROM_S * 1_000, () => station.setWorkers(20));
    time.at(FROM_S * 1_000 + 15_000, () => station.setWorkers(30));
    time.at(TO_S * 1_000, () => station.setWorkers(40));
  });
}

const cutCapacity: Scenario["plan"] = (time, { variants }) => {
  time.at(FROM_S * 1_000, () => variants[0]!.station.setWorkers(10));
  time.at(TO_S * 1_000, () => variants[0]!.station.setWorkers(40));
};

function faults(
  group: string,
  variants: readonly VariantSpec[],
  plan: Scenario["plan"],
  policies: readonly Policy[] = POLICIES,
): Scenario {
  return {
    name: `${group}, ${PROCESSES} processes`,
    group,
    processes: PROCESSES,
    endpoint: { variants, serviceMs: exponential(500) },
    traffic: { perSecond: 56, forS: 125 },
    attemptTimeoutMs: 5_000,
    phases: [
      { name: "before", fromS: 0, toS: FROM_S },
      { name: "during", fromS: FROM_S, toS: TO_S },
      { name: "after", fromS: TO_S, toS: TO_S + 60 },
    ],
    policies,
    plan,
  };
}
