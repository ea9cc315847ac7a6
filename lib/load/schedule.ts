/** How the offered rate runs over time: it climbs through the ramp, and stays until the end. */
export interface LoadShape {
  /** Calls per second, from the end of the ramp on. */
  readonly ratePerSecond: number;
  /** How long the rate climbs from 0, evenly, in milliseconds. */
  readonly rampMs: number;
  /** How long the full rate runs before calls are measured, in milliseconds. */
  readonly warmUpMs: number;
  /** How long calls are measured, in milliseconds. */
  readonly durationMs: number;
}

/** In calls: what sums of milliseconds lose to rounding, and far less than a call. */
const ROUNDING = 1e-9;

/**
 * The moments at which calls are due, fixed before the first one is made. A server that stalls cannot put
 * them off, so what it does to the calls that fall into the stall is measured (no coordinated omission).
 */
export class Schedule {
  readonly shape: LoadShape;
  /** Calls that are due in all. */
  readonly calls: number;
  /** The first call that is measured; those before belong to ramp and warm-up. */
  readonly firstMeasured: number;
  /** When measuring begins and ends, in milliseconds from the start. */
  readonly measuredFromMs: number;
  readonly endMs: number;
  readonly #perMs: number;
  readonly #callsInRamp: number;

  constructor(shape: LoadShape) {
    this.shape = shape;
    this.#perMs = shape.ratePerSecond / 1_000;
    this.#callsInRamp = (this.#perMs * shape.rampMs) / 2;
    this.measuredFromMs = shape.rampMs + shape.warmUpMs;
    this.endMs = this.measuredFromMs + shape.durationMs;
    this.firstMeasured = this.dueBefore(this.measuredFromMs);
    this.calls = this.dueBefore(this.endMs);
  }

  /** When call `index`, counted from 0, is due, in milliseconds from the start. */
  dueMs(index: number): number {
    if (index >= this.#callsInRamp) return this.shape.rampMs + (index - this.#callsInRamp) / this.#perMs;
    // The integral of a rate that climbs evenly is a parabola; this is its inverse.
    return Math.sqrt((2 * index * this.shape.rampMs) / this.#perMs);
  }

  /** How many calls are due before `ms` milliseconds from the start. */
  dueBefore(ms: number): number {
    const { rampMs } = this.shape;
    const due =
      ms < rampMs ? (this.#perMs * ms * ms) / (2 * rampMs) : this.#callsInRamp + (ms - rampMs) * this.#perMs;
    return Math.max(Math.ceil(due - ROUNDING), 0);
  }

  isMeasured(index: number): boolean {
    return index >= this.firstMeasured;
  }
}
