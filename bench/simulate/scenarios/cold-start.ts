import { exponential } from "../engine/distributions.ts";
import { holdfastPolicy } from "../policies/holdfast.ts";
import type { Scenario } from "./scenario.ts";

const LOAD_MS = 120_000;
/** A call has to outlive the loading of its model, which the default of 120 s does not. */
const callTimeoutMs = 300_000;

/** A thousand callers within ten seconds want models that nobody has asked for yet. */
export function coldStart(): Scenario {
  return {
    name: "cold multi-model start, 10 processes",
    group: "cold multi-model start",
    processes: 10,
    endpoint: {
      variants: [{ name: "main", weight: 1, workers: 400 }],
      serviceMs: exponential(100),
      modelLoadMs: LOAD_MS,
    },
    traffic: { perSecond: 100, forS: 10, models: ["one.tar.gz", "two.tar.gz"] },
    attemptTimeoutMs: 5_000,
    phases: [{ name: "all", fromS: 0, toS: 10 }],
    policies: [
      holdfastPolicy("holdfast", "callTimeoutMs 300 s and retry.warmUp.maxDelayMs 1 s, else defaults", {
        callTimeoutMs,
        retry: { warmUp: { maxDelayMs: 1_000 } },
      }),
      holdfastPolicy("holdfast, asking every 10 s", "callTimeoutMs 300 s, else defaults", { callTimeoutMs }),
    ],
    plan: () => {},
  };
}
