import type { Schedule } from "./schedule.ts";

/**
 * Rounds of a comparison, each with one slice per configuration. Even, so that with the order reversed in
 * every other round a drift that is steady falls on both alike.
 */
export const ROUNDS = 6;

/** Divides the measured time among the configurations that are compared: A B, B A, A B, ... */
export class Slices {
  readonly count: number;
  readonly sliceMs: number;
  readonly #schedule: Schedule;
  readonly #arms: number;

  /** @param arms - configurations: 1, or 2 that are compared */
  constructor(schedule: Schedule, arms: number) {
    this.#schedule = schedule;
    this.#arms = arms;
    this.count = arms === 1 ? 1 : ROUNDS * arms;
    this.sliceMs = schedule.shape.durationMs / this.count;
  }

  /** The slice of a measured call. */
  sliceOf(index: number): number {
    const sinceMs = this.#schedule.dueMs(index) - this.#schedule.measuredFromMs;
    return Math.min(Math.max(Math.floor(sinceMs / this.sliceMs), 0), this.count - 1);
  }

  /** The configuration that a slice belongs to. */
  armOfSlice(slice: number): number {
    const place = slice % this.#arms;
    return this.roundOf(slice) % 2 === 0 ? place : this.#arms - 1 - place;
  }

  roundOf(slice: number): number {
    return Math.floor(slice / this.#arms);
  }

  /** The configuration that makes a call. Before measuring they take turns, so that both get warm. */
  armOfCall(index: number): number {
    if (!this.#schedule.isMeasured(index)) return index % this.#arms;
    return this.armOfSlice(this.sliceOf(index));
  }

  /** The configurations that no measured call falls to. */
  idleArms(): number[] {
    const { firstMeasured, calls } = this.#schedule;
    const measured = calls - firstMeasured;
    // Calls are evenly spaced: with so many, no slice is without one.
    if (measured > 2 * this.count) return [];
    const busy = new Set(Array.from({ length: measured }, (_, call) => this.armOfCall(firstMeasured + call)));
    return Array.from({ length: this.#arms }, (_, arm) => arm).filter((arm) => !busy.has(arm));
  }

  /** How much of a slice has passed at `ms` milliseconds from the start of the run. */
  elapsedMs(slice: number, ms: number): number {
    const from = this.#schedule.measuredFromMs + slice * this.sliceMs;
    return Math.min(Math.max(ms - from, 0), this.sliceMs);
  }
}
