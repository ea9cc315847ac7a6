import type { Outcome } from "../outcome.ts";
import type { CallEnd } from "./call-end.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

/** Calls that ended in one way. Latencies count from the moment that each call was due. */
export class Tally {
  readonly latency = new LatencyHistogram();
  /** By name of the error that was thrown. */
  readonly errors = new Map<string, number>();

  add(other: Tally): void {
    this.latency.add(other.latency);
    for (const [name, count] of other.errors) this.errors.set(name, (this.errors.get(name) ?? 0) + count);
  }
}

/** Calls that one production variant answered. */
export class VariantTally {
  readonly latency = new LatencyHistogram();
  failed = 0;

  add(other: VariantTally): void {
    this.latency.add(other.latency);
    this.failed += other.failed;
  }
}

/** What became of the calls of one configuration, in one slice or in all. */
export class Measurement {
  /** Calls that succeeded. */
  readonly latency = new LatencyHistogram();
  /** Those of them that an alternative of the client's `fallback` answered. */
  fallbackAnswers = 0;
  /** How late this process started calls that were due. */
  readonly startedLate = new LatencyHistogram();
  /** Attempts that were sent, however they ended, each from its own start. */
  readonly attempts = new LatencyHistogram();
  /** Those of them that succeeded. */
  readonly okAttempts = new LatencyHistogram();
  /** Of each two that succeeded one after the other, the faster: how often slow ones come together. */
  readonly okPairs = new LatencyHistogram();
  readonly attemptOutcomes = new Map<Outcome, number>();
  /** Attempts whose end says that the endpoint has too much to do. */
  overloads = 0;
  readonly outcomes = new Map<Outcome, Tally>();
  readonly variants = new Map<string, VariantTally>();
  /** For how long calls were due, in milliseconds. */
  elapsedMs = 0;
  sent = 0;
  notSent = 0;
  #lastOkMs: number | undefined;

  get due(): number {
    return this.sent + this.notSent;
  }

  /** Calls that have ended. */
  get ended(): number {
    let count = 0;
    for (const { latency } of this.outcomes.values()) count += latency.count;
    return count;
  }

  /** Calls that were given up in flight; while the run lasts, also those that are yet to end. */
  get unfinished(): number {
    return this.sent - this.ended;
  }

  get ok(): number {
    return this.latency.count;
  }

  started(lateMs: number): void {
    this.sent++;
    this.startedLate.record(lateMs);
  }

  record(end: CallEnd, latencyMs: number): void {
    const tally = entryOf(this.outcomes, end.outcome, Tally);
    tally.latency.record(latencyMs);
    if (end.error !== undefined) tally.errors.set(end.error, (tally.errors.get(end.error) ?? 0) + 1);
    if (end.isFromFallback === true) this.fallbackAnswers++;
    const variant = entryOf(this.variants, end.variant, VariantTally);
    if (end.outcome === "ok") {
      this.latency.record(latencyMs);
      variant.latency.record(latencyMs);
    } else variant.failed++;
    for (const { durationMs, outcome, isOverload } of end.attempts) {
      this.attempts.record(durationMs);
      if (isOverload) this.overloads++;
      if (outcome === "ok") this.#recordOk(durationMs);
      this.attemptOutcomes.set(outcome, (this.attemptOutcomes.get(outcome) ?? 0) + 1);
    }
  }

  #recordOk(durationMs: number): void {
    this.okAttempts.record(durationMs);
    if (this.#lastOkMs !== undefined) this.okPairs.record(Math.min(durationMs, this.#lastOkMs));
    this.#lastOkMs = durationMs;
  }

  add(other: Measurement): void {
    this.fallbackAnswers += other.fallbackAnswers;
    for (const name of ["latency", "startedLate", "attempts", "okAttempts", "okPairs"] as const)
      this[name].add(other[name]);
    for (const [outcome, tally] of other.outcomes) entryOf(this.outcomes, outcome, Tally).add(tally);
    for (const [name, tally] of other.variants) entryOf(this.variants, name, VariantTally).add(tally);
    for (const [outcome, count] of other.attemptOutcomes) {
      this.attemptOutcomes.set(outcome, (this.attemptOutcomes.get(outcome) ?? 0) + count);
    }
    this.overloads += other.overloads;
    this.elapsedMs += other.elapsedMs;
    this.sent += other.sent;
    this.notSent += other.notSent;
  }
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, Kind: new () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = new Kind();
    map.set(key, value);
  }
  return value;
}
