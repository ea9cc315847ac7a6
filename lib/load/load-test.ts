import type { Clock } from "../clock.ts";
import type { CallEnd } from "./call-end.ts";
import { InFlightTrend } from "./in-flight-trend.ts";
import { Measurement } from "./measurement.ts";
import { type LoadDriver, OpenLoop } from "./open-loop.ts";
import { type LoadShape, Schedule } from "./schedule.ts";
import { Slices } from "./slices.ts";

export interface LoadTestOptions {
  readonly shape: LoadShape;
  /** Calls of one configuration that may be in flight at once. */
  readonly maxInFlight: number;
  /** Makes one call each: one configuration, or two that are compared. A call must not reject. */
  readonly arms: readonly (() => Promise<CallEnd>)[];
  readonly clock: Clock;
}

/** What one configuration came to. */
export interface ArmResult {
  readonly total: Measurement;
  /** In the order of the rounds. */
  readonly slices: readonly Measurement[];
  /** The most of its calls that were in flight at once. */
  readonly peakInFlight: number;
  /** Of its calls that ended in the measured time, whenever they were due: those of the warm-up, too. */
  readonly successesPerSecond: number;
  /** By how many calls those in flight became more in each second that it had its turn; 0: they did not. */
  readonly inFlightGrowthPerSecond: number;
}

export interface LoadResult {
  readonly arms: readonly ArmResult[];
  /** Calls of ramp and warm-up that were sent. They are in no other figure but rates. */
  readonly unmeasured: number;
  /** Calls that were due before it ended or was stopped, and calls that the schedule has. */
  readonly due: number;
  readonly scheduled: number;
}

/** One run: its schedule, who makes which call, and what came of it. */
export class LoadTest implements LoadDriver {
  readonly schedule: Schedule;
  readonly slices: Slices;
  readonly #arms: LoadTestOptions["arms"];
  readonly #measurements: readonly Measurement[];
  readonly #loop: OpenLoop;
  readonly #trend: InFlightTrend;
  /** By configuration: successes that ended in the measured time. */
  readonly #successes: number[];
  #unmeasured = 0;
  #finished = 0;
  #isStopping = false;

  constructor({ shape, maxInFlight, arms, clock }: LoadTestOptions) {
    this.schedule = new Schedule(shape);
    this.#arms = arms;
    this.slices = new Slices(this.schedule, arms.length);
    this.#measurements = Array.from({ length: this.slices.count }, () => new Measurement());
    this.#trend = new InFlightTrend(this.schedule, arms.length);
    this.#successes = arms.map(() => 0);
    this.#loop = new OpenLoop({
      schedule: this.schedule,
      arms: arms.length,
      maxInFlight,
      driver: this,
      clock,
    });
  }

  /** Calls that are over: ended, or not sent. */
  get finished(): number {
    return this.#finished;
  }

  /** Calls in flight now. */
  get inFlight(): number {
    return this.#loop.inFlight;
  }

  /** Whether it was told to {@link stop} or {@link abandon}. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Settles when the last call has ended. */
  async run(): Promise<LoadResult> {
    await this.#loop.run();
    for (const [slice, measurement] of this.#measurements.entries()) {
      measurement.elapsedMs = this.slices.elapsedMs(slice, this.#loop.ranMs);
    }
    const growth = this.#trend.growthPerSecond(this.#loop.ranMs);
    return {
      arms: this.#arms.map((_, arm) => this.#armResult(arm, growth[arm]!)),
      unmeasured: this.#unmeasured,
      due: this.#loop.due,
      scheduled: this.schedule.calls,
    };
  }

  /** Starts no further call; {@link run} settles with what there is when those in flight have ended. */
  stop(): void {
    this.#isStopping = true;
    this.#loop.stop();
  }

  /**
   * As {@link stop}, but does not wait: calls in flight are among those sent, and in no other figure. To end them is
   * for whoever makes them.
   */
  abandon(): void {
    this.#isStopping = true;
    this.#loop.abandon();
  }

  armOf(index: number): number {
    return this.slices.armOfCall(index);
  }

  call(index: number): Promise<CallEnd> {
    return this.#arms[this.armOf(index)]!();
  }

  started(index: number, lateMs: number): void {
    this.#trend.sample(this.schedule.dueMs(index) + lateMs, this.#loop.inFlightByArm());
    const measurement = this.#measurementOf(index);
    if (measurement === undefined) this.#unmeasured++;
    else measurement.started(lateMs);
  }

  ended(index: number, end: CallEnd, latencyMs: number): void {
    this.#finished++;
    this.#measurementOf(index)?.record(end, latencyMs);
    const endedMs = this.schedule.dueMs(index) + latencyMs;
    const isInTime = endedMs >= this.schedule.measuredFromMs && endedMs <= this.#loop.ranMs;
    if (isInTime && end.outcome === "ok") this.#successes[this.armOf(index)]!++;
  }

  notSent(index: number): void {
    this.#finished++;
    const measurement = this.#measurementOf(index);
    if (measurement !== undefined) measurement.notSent++;
  }

  #measurementOf(index: number): Measurement | undefined {
    return this.schedule.isMeasured(index) ? this.#measurements[this.slices.sliceOf(index)] : undefined;
  }

  #armResult(arm: number, inFlightGrowthPerSecond: number): ArmResult {
    const slices = this.#measurements.filter((_, slice) => this.slices.armOfSlice(slice) === arm);
    const total = new Measurement();
    for (const slice of slices) total.add(slice);
    const seconds = total.elapsedMs / 1_000;
    return {
      total,
      slices,
      peakInFlight: this.#loop.peakInFlight(arm),
      successesPerSecond: seconds === 0 ? 0 : this.#successes[arm]! / seconds,
      inFlightGrowthPerSecond,
    };
  }
}
