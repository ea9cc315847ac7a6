import type { OpenCause } from "../../errors/local-errors.ts";
import type { Target } from "../../target.ts";
import type { ProbeRound } from "./probe-round.ts";

export type BreakerState = "closed" | "open" | "halfOpen" | "recovering" | "isolated";

/** A field exists only in the state that owns it. */
export type BreakerInner =
  | { readonly value: "closed" }
  | {
      readonly value: "open";
      readonly cause: OpenCause;
      readonly openedAt: number;
      readonly openForMs: number;
    }
  | { readonly value: "halfOpen"; readonly probes: ProbeRound }
  | { readonly value: "recovering"; readonly since: number }
  | { readonly value: "isolated" };

export interface BreakerTransition {
  readonly target: Target;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Why, where `to` is `open` or `halfOpen`. */
  readonly cause: OpenCause | undefined;
}

/**
 * What an admitted attempt turned out to be. `timeout`: it failed by giving no answer in time · `ignored`: it
 * says nothing about the target.
 */
export type Verdict = "success" | "failure" | "timeout" | "notReady" | "ignored";
