import type { Clock, Timer } from "../clock.ts";
import type { CallEnd } from "./call-end.ts";
import type { Schedule } from "./schedule.ts";

/** Makes the calls of a run and is told of each. Calls are counted from 0, in the order they are due. */
export interface LoadDriver {
  /** The configuration that makes a call, counted from 0. */
  armOf(index: number): number;
  /** Makes a call. It never rejects: a failure is an end like any other. */
  call(index: number): Promise<CallEnd>;
  /** `lateMs`: from the moment it was due to the moment it was started. */
  started(index: number, lateMs: number): void;
  /** `latencyMs`: from the moment it was due to its end. */
  ended(index: number, end: CallEnd, latencyMs: number): void;
  /** The call was due while as many as are allowed were in flight. It is not made up for. */
  notSent(index: number): void;
}

export interface OpenLoopOptions {
  readonly schedule: Schedule;
  /** Configurations that make the calls. */
  readonly arms: number;
  /** Calls of one configuration that may be in flight at once: one that hangs takes nothing from another. */
  readonly maxInFlight: number;
  readonly driver: LoadDriver;
  readonly clock: Clock;
}

/** Calls of one configuration. */
interface InFlight {
  now: number;
  peak: number;
}

/** Starts each call when it is due, whatever became of those before it. */
export class OpenLoop {
  readonly #options: OpenLoopOptions;
  readonly #ended: Promise<void>;
  #end: () => void = () => {};
  #startedAt = 0;
  #stoppedAfterMs: number | undefined;
  #isAbandoned = false;
  #timer: Timer;
  #next = 0;
  readonly #inFlight: readonly InFlight[];

  constructor(options: OpenLoopOptions) {
    this.#options = options;
    this.#inFlight = Array.from({ length: options.arms }, () => ({ now: 0, peak: 0 }));
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Calls that have been due so far. */
  get due(): number {
    return this.#next;
  }

  /** Calls that are in flight now, of all configurations. */
  get inFlight(): number {
    return this.#inFlight.reduce((sum, { now }) => sum + now, 0);
  }

  /** Calls that are in flight now, by configuration. */
  inFlightByArm(): number[] {
    return this.#inFlight.map(({ now }) => now);
  }

  /** How long calls were started for, in milliseconds; the schedule's whole length unless it was stopped. */
  get ranMs(): number {
    return this.#stoppedAfterMs ?? this.#options.schedule.endMs;
  }

  /** The most calls of a configuration that were in flight at once. */
  peakInFlight(arm: number): number {
    return this.#inFlight[arm]!.peak;
  }

  /** Settles when the last call has ended. */
  run(): Promise<void> {
    this.#startedAt = this.#options.clock.now();
    this.#startDue();
    return this.#ended;
  }

  /** Starts no further call; {@link run} settles when those in flight have ended. */
  stop(): void {
    const { clock, schedule } = this.#options;
    if (this.#isDone()) return;
    this.#stoppedAfterMs = Math.min(clock.now() - this.#startedAt, schedule.endMs);
    clock.clearTimeout(this.#timer);
    this.#endIfIdle();
  }

  /** As {@link stop}, and {@link run} settles without those in flight: nobody is told how they end. */
  abandon(): void {
    this.stop();
    this.#isAbandoned = true;
    this.#end();
  }

  #startDue(): void {
    const { clock, schedule } = this.#options;
    let waitMs = 0;
    while (!this.#isDone()) {
      const dueAt = this.#startedAt + schedule.dueMs(this.#next);
      waitMs = dueAt - clock.now();
      if (waitMs > 0) break;
      this.#callIsDue(this.#next++, dueAt);
    }
    if (this.#isDone()) this.#endIfIdle();
    else this.#timer = clock.setTimeout((loop: OpenLoop) => loop.#startDue(), waitMs, this);
  }

  #callIsDue(index: number, dueAt: number): void {
    const { maxInFlight, driver } = this.#options;
    const inFlight = this.#inFlight[driver.armOf(index)]!;
    if (inFlight.now >= maxInFlight) driver.notSent(index);
    else this.#start(index, dueAt, inFlight);
  }

  #start(index: number, dueAt: number, inFlight: InFlight): void {
    const { clock, driver } = this.#options;
    inFlight.now++;
    inFlight.peak = Math.max(inFlight.peak, inFlight.now);
    driver.started(index, clock.now() - dueAt);
    void driver.call(index).then((end) => {
      inFlight.now--;
      if (this.#isAbandoned) return;
      driver.ended(index, end, clock.now() - dueAt);
      this.#endIfIdle();
    });
  }

  #isDone(): boolean {
    return this.#stoppedAfterMs !== undefined || this.#next >= this.#options.schedule.calls;
  }

  #endIfIdle(): void {
    if (this.#isDone() && this.inFlight === 0) this.#end();
  }
}
