import type { Clock } from "../../clock.ts";
import type { OpenCause } from "../../errors/local-errors.ts";
import { checkMs, checkOneOf, invalidOption } from "../../validate.ts";
import type { BreakerInner } from "./breaker-state.ts";

/** A breaker's state as plain data. Times are of the wall clock: monotonic ones mean nothing elsewhere. */
export type BreakerSnapshot =
  | { readonly state: "closed" | "isolated"; readonly takenAt: number }
  | {
      readonly state: "open";
      readonly takenAt: number;
      readonly cause: OpenCause;
      readonly openForMs: number;
    };

/** Half-open is the business of one process: another one is told to probe at once. A recovery counts as done. */
export function snapshotOf(inner: BreakerInner, clock: Clock): BreakerSnapshot {
  const takenAt = clock.epochNow();
  switch (inner.value) {
    case "closed":
    case "recovering":
      return { state: "closed", takenAt };
    case "isolated":
      return { state: "isolated", takenAt };
    case "halfOpen":
      return inner.probes.isEarly
        ? { state: "closed", takenAt }
        : { state: "open", takenAt, cause: inner.probes.cause, openForMs: 0 };
    case "open": {
      const openForMs = Math.max(0, inner.openedAt + inner.openForMs - clock.now());
      return { state: "open", takenAt, cause: inner.cause, openForMs };
    }
  }
}

/** The state that a snapshot stands for; `undefined` where it is older than `maxAgeMs`. */
export function innerOf(snapshot: BreakerSnapshot, maxAgeMs: number, clock: Clock): BreakerInner | undefined {
  checkMs("restore: maxAgeMs", maxAgeMs);
  if (!Number.isFinite(snapshot.takenAt)) throw invalidOption("restore: takenAt", "a time", snapshot.takenAt);
  const ageMs = clock.epochNow() - snapshot.takenAt;
  if (ageMs > maxAgeMs) return undefined;
  const state = checkOneOf("restore: state", snapshot.state, ["closed", "isolated", "open"] as const);
  if (snapshot.state !== "open") return { value: state as "closed" | "isolated" };
  const cause = checkOneOf("restore: cause", snapshot.cause, [
    "failure",
    "slow",
    "notReady",
    "isolated",
  ] as const);
  if (!(snapshot.openForMs >= 0 && Number.isFinite(snapshot.openForMs)))
    throw invalidOption("restore: openForMs", "at least 0", snapshot.openForMs);
  const openForMs = Math.max(0, snapshot.openForMs - Math.max(0, ageMs));
  return { value: "open", cause, openedAt: clock.now(), openForMs };
}
