import type { CallEnd } from "../../lib/load/call-end.ts";
import type { Outcome } from "../../lib/outcome.ts";

/** A call of one attempt, which took as long as the call. */
export function endOf(durationMs: number, outcome: Outcome = "ok", isOverload = false): CallEnd {
  return { outcome, variant: "a", error: undefined, attempts: [{ durationMs, outcome, isOverload }] };
}
