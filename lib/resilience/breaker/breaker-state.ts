import type { OpenCause } from "../../errors/local-errors.ts";
import type { Target } from "../../target.ts";

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
  | { readonly value: "halfOpen"; readonly cause: OpenCause; admitted: number; succeeded: number }
  | { readonly value: "recovering"; readonly since: number }
  | { readonly value: "isolated" };

export interface BreakerTransition {
  readonly target: Target;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Why it is open, where `to` is `open`. */
  readonly cause: OpenCause | undefined;
}

/** What an admitted attempt turned out to be. `ignored`: it says nothing about the target. */
export type Verdict = "success" | "failure" | "notReady" | "ignored";
