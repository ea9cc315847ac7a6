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

/** Why a breaker that is open may say it is: by hand it is isolated, and another process's word opens none. */
const CAUSES = ["failure", "slow", "notReady"] as const;

/**
 * The state that a snapshot stands for; `undefined` where it is older than `maxAgeMs`.
 *
 * @throws {RangeError} for what is no snapshot: it comes from a file or a store, and may be anything
 */
export function innerOf(snapshot: BreakerSnapshot, maxAgeMs: number, clock: Clock): BreakerInner | undefined {
  checkMs("restore: maxAgeMs", maxAgeMs);
  if (typeof snapshot !== "object" || snapshot === null)
    throw invalidOption("restore: snapshot", "what snapshot() gave", snapshot);
  if (!Number.isFinite(snapshot.takenAt)) throw invalidOption("restore: takenAt", "a time", snapshot.takenAt);
  const ageMs = clock.epochNow() - snapshot.takenAt;
  if (ageMs > maxAgeMs) return undefined;
  const value = checkOneOf("restore: state", snapshot.state, ["closed", "isolated", "open"]);
  if (snapshot.state !== "open") return { value: value as "closed" | "isolated" };
  const cause = checkOneOf("restore: cause", snapshot.cause, CAUSES);
  const { openForMs: leftMs } = snapshot;
  if (leftMs !== 0) checkMs("restore: openForMs", leftMs);
  return { value: "open", cause, openedAt: clock.now(), openForMs: Math.max(0, leftMs - Math.max(0, ageMs)) };
}
