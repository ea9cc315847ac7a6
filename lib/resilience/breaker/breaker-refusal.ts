import { CircuitOpenError } from "../../errors/local-errors.ts";
import type { Target } from "../../target.ts";
import type { BreakerInner } from "./breaker-state.ts";

/** The error of an attempt that a breaker in this state refuses, which says when the next probe goes through. */
export function refusalOf(target: Target, inner: BreakerInner, now: number): CircuitOpenError {
  if (inner.value === "isolated") return new CircuitOpenError(target, "isolated", Number.POSITIVE_INFINITY);
  if (inner.value === "open") {
    return new CircuitOpenError(target, inner.cause, Math.max(0, msUntilProbe(inner, now)));
  }
  const cause = inner.value === "halfOpen" ? inner.probes.cause : "failure";
  return new CircuitOpenError(target, cause, 0);
}

/** 0 or less: a probe may go. */
export function msUntilProbe(inner: BreakerInner & { value: "open" }, now: number): number {
  return inner.openedAt + inner.openForMs - now;
}
