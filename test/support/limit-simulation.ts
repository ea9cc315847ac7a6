import type { Clock } from "../../lib/clock.ts";
import { seededRandom } from "../../lib/local/seeded-random.ts";
import type { Limit } from "../../lib/resilience/limiter/limit.ts";

/** What a simulated target is like at some time. */
export interface TargetModel {
  /** Requests that it works on at once; the rest waits in its own queue, which has no end. */
  workers: number;
  /** Mean time that a worker takes, in milliseconds. */
  serviceMs: number;
  /** Requests that it lets wait; beyond that it refuses at once. */
  maxQueue: number;
}

export interface SimulationOptions {
  readonly target: Partial<TargetModel>;
  /** Requests per second, whatever became of the earlier ones. */
  ratePerSecond: number;
  /** When a client gives up, in milliseconds. The target works on it all the same. */
  readonly timeoutMs?: number;
}

interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** A target, its callers and a limit between them, in virtual time. Callers who get no permit are turned away. */
export class LimitSimulation {
  readonly target: TargetModel;
  readonly limit: Limit;
  ratePerSecond: number;
  answered = 0;
  turnedAway = 0;
  timedOut = 0;
  inFlight = 0;
  readonly #timeoutMs: number;
  readonly #random = seededRandom(7);
  readonly #events: Event[] = [];
  readonly #queue: (() => void)[] = [];
  #busy = 0;
  #now = 0;

  constructor(createLimit: (clock: Clock) => Limit, { target, ratePerSecond, timeoutMs }: SimulationOptions) {
    this.target = { workers: 10, serviceMs: 100, maxQueue: Number.POSITIVE_INFINITY, ...target };
    this.ratePerSecond = ratePerSecond;
    this.#timeoutMs = timeoutMs ?? Number.POSITIVE_INFINITY;
    const clock = { now: () => this.#now } as Clock;
    this.limit = createLimit(clock);
    this.#arrive();
  }

  /** Lets `ms` pass, and counts from 0. */
  run(ms: number): void {
    this.answered = 0;
    this.turnedAway = 0;
    this.timedOut = 0;
    const until = this.#now + ms;
    for (let next = this.#events[0]; next !== undefined && next.at <= until; next = this.#events[0]) {
      this.#events.shift();
      this.#now = next.at;
      next.run();
    }
    this.#now = until;
  }

  #arrive(): void {
    this.#after(this.#exponential(1_000 / this.ratePerSecond), () => {
      if (this.inFlight < this.limit.value) this.#send(++this.inFlight);
      else this.turnedAway++;
      this.#arrive();
    });
  }

  #send(permit: number): void {
    const startedAt = this.#now;
    let isOver = false;
    const end = (sign: "answered" | "overloaded") => {
      if (isOver) return;
      isOver = true;
      this.inFlight--;
      this.limit.sample(sign, startedAt, this.#now - startedAt, permit, this.#now);
      if (sign === "answered") this.answered++;
    };
    if (Number.isFinite(this.#timeoutMs)) {
      this.#after(this.#timeoutMs, () => {
        if (!isOver) this.timedOut++;
        end("overloaded");
      });
    }
    if (this.#queue.length >= this.target.maxQueue) this.#after(1, () => end("overloaded"));
    else {
      this.#queue.push(() => end("answered"));
      this.#work();
    }
  }

  #work(): void {
    while (this.#busy < this.target.workers && this.#queue.length > 0) {
      const done = this.#queue.shift()!;
      this.#busy++;
      this.#after(this.#exponential(this.target.serviceMs / 2) + this.target.serviceMs / 2, () => {
        this.#busy--;
        done();
        this.#work();
      });
    }
  }

  #exponential(meanMs: number): number {
    return -Math.log(1 - this.#random()) * meanMs;
  }

  #after(ms: number, run: () => void): void {
    const at = this.#now + ms;
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#events[middle]!.at <= at) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, { at, run });
  }
}
