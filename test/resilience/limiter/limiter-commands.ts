import fc from "fast-check";
import { expect } from "vitest";
import { ConcurrencyLimiter, NO_PERMIT } from "../../../lib/resilience/limiter/concurrency-limiter.ts";
import type { LoadSign } from "../../../lib/resilience/limiter/limit.ts";
import { resolveLimiter } from "../../../lib/resilience/limiter/limiter-settings.ts";
import type { ConcurrencyLimitOptions } from "../../../lib/resilience/limiter/options.ts";
import { type CallPriority, PRIORITIES, PRIORITY_RANK } from "../../../lib/resilience/limiter/priority.ts";
import type { WaitEnd, Waiter } from "../../../lib/resilience/limiter/waiter.ts";
import { targetOf } from "../../../lib/target.ts";
import { FakeClock } from "../../support/fake-clock.ts";

type Key = string | undefined;

interface Held {
  readonly permit: number;
  readonly key: Key;
  readonly at: number;
}

interface Waiting {
  readonly waiter: Waiter;
  readonly key: Key;
  readonly rank: number;
  end: WaitEnd | undefined;
}

/** Who holds and who waits, worked out from what the limiter said to them and nothing else. */
export class Model {
  held: Held[] = [];
  waiting: Waiting[] = [];
  accepted = 0;
  ended = 0;

  /** Moves on who has been told the end of its wait; returns them. */
  collect(now: number): Waiting[] {
    const ended = this.waiting.filter(({ end }) => end !== undefined);
    this.waiting = this.waiting.filter(({ end }) => end === undefined);
    this.ended += ended.length;
    for (const { end, key } of ended) {
      if (typeof end === "number") this.held.push({ permit: end, key, at: now });
    }
    return ended;
  }
}

export class System {
  readonly clock = new FakeClock();
  readonly limiter: ConcurrencyLimiter;
  readonly maxQueue: number;

  constructor(options: ConcurrencyLimitOptions & { maxQueue: number }) {
    this.maxQueue = options.maxQueue;
    this.limiter = new ConcurrencyLimiter(
      targetOf({ EndpointName: "churn" }),
      resolveLimiter(options, this.clock),
    );
  }

  giveBack({ permit, key, at }: Held, sign: LoadSign | undefined, latencyMs: number): void {
    this.limiter.release(permit, key, at, sign, latencyMs);
  }
}

/** Runs one step, lets promises settle, and checks what must be so at any time. */
async function step(model: Model, system: System, act: () => void | Promise<void>): Promise<Waiting[]> {
  const { limiter, clock } = system;
  const before = limiter.inFlight;
  await act();
  // Nobody waits beside a free permit, not for a tick.
  if (limiter.waiting > 0) expect(limiter.inFlight).toBeGreaterThanOrEqual(limiter.limit);
  await clock.advance(0);
  const ended = model.collect(clock.now());
  expect(limiter.inFlight).toBe(model.held.length);
  expect(limiter.waiting).toBe(model.waiting.length);
  expect(limiter.waiting).toBeLessThanOrEqual(system.maxQueue);
  // After a cut more may be held than the limit; never is one more given out.
  expect(limiter.inFlight).toBeLessThanOrEqual(Math.max(limiter.limit, before));
  // One timer for all that wait, which keeps no process alive for nobody.
  expect(clock.pendingTimers).toBe(Math.min(1, model.waiting.length));
  return ended;
}

type Command = fc.AsyncCommand<Model, System>;

class Acquire implements Command {
  readonly #priority: CallPriority;
  readonly #key: Key;

  constructor(priority: CallPriority, key: Key) {
    this.#priority = priority;
    this.#key = key;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, system: System): Promise<void> {
    const rank = PRIORITY_RANK[this.#priority];
    const lowest = Math.max(rank, ...model.waiting.map((one) => one.rank));
    const ended = await step(model, system, () => this.#acquire(model, system, lowest));
    // The lowest class is shed first.
    for (const { end, rank: shed } of ended) if (end === "shed") expect(shed).toBe(lowest);
  }

  #acquire(model: Model, { limiter, clock, maxQueue }: System, lowest: number): void {
    const permit = limiter.tryAcquire(this.#key);
    if (permit !== NO_PERMIT) {
      expect(model.waiting).toEqual([]);
      model.held.push({ permit, key: this.#key, at: clock.now() });
      return;
    }
    const rank = PRIORITY_RANK[this.#priority];
    const waiter = limiter.enqueue(this.#priority, this.#key);
    if (waiter === undefined) {
      expect(limiter.waiting).toBe(maxQueue);
      // Nobody is refused for the sake of a lower class.
      if (maxQueue > 0) expect(lowest).toBe(rank);
      return;
    }
    model.accepted++;
    const waiting: Waiting = { waiter, key: this.#key, rank, end: undefined };
    model.waiting.push(waiting);
    void waiter.end.then((end) => {
      waiting.end = end;
    });
  }

  toString(): string {
    return `acquire(${this.#priority}, ${this.#key})`;
  }
}

class Release implements Command {
  readonly #which: number;
  readonly #sign: LoadSign | undefined;
  readonly #latencyMs: number;

  constructor(which: number, sign: LoadSign | undefined, latencyMs: number) {
    this.#which = which;
    this.#sign = sign;
    this.#latencyMs = latencyMs;
  }

  check({ held }: Readonly<Model>): boolean {
    return held.length > 0;
  }

  async run(model: Model, system: System): Promise<void> {
    const [one] = model.held.splice(this.#which % model.held.length, 1);
    await step(model, system, () => system.giveBack(one!, this.#sign, this.#latencyMs));
  }

  toString(): string {
    return `release(${this.#which}, ${this.#sign}, ${this.#latencyMs})`;
  }
}

class Cancel implements Command {
  readonly #which: number;

  constructor(which: number) {
    this.#which = which;
  }

  check({ waiting }: Readonly<Model>): boolean {
    return waiting.length > 0;
  }

  async run(model: Model, system: System): Promise<void> {
    const one = model.waiting[this.#which % model.waiting.length]!;
    await step(model, system, () => {
      one.waiter.cancel();
      one.waiter.cancel();
    });
    expect(one.end).toBe("cancelled");
  }

  toString(): string {
    return `cancel(${this.#which})`;
  }
}

/** A permit is given, and who got it may be cancelled in the same tick: it is still its owner's to return. */
class ReleaseAndCancel implements Command {
  readonly #which: number;

  constructor(which: number) {
    this.#which = which;
  }

  check({ held, waiting }: Readonly<Model>): boolean {
    return held.length > 0 && waiting.length > 0;
  }

  async run(model: Model, system: System): Promise<void> {
    const held = model.held.pop()!;
    const { waiter } = model.waiting[this.#which % model.waiting.length]!;
    await step(model, system, () => {
      system.giveBack(held, "answered", 1);
      waiter.cancel();
    });
  }

  toString(): string {
    return `releaseAndCancel(${this.#which})`;
  }
}

class Pass implements Command {
  readonly #ms: number;

  constructor(ms: number) {
    this.#ms = ms;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, system: System): Promise<void> {
    await step(model, system, () => system.clock.advance(this.#ms));
  }

  toString(): string {
    return `pass(${this.#ms})`;
  }
}

/** Every wait ends and every permit is given back: nothing is held, waited for or timed any more. */
export async function drain(model: Model, system: System): Promise<void> {
  while (model.held.length + model.waiting.length > 0) {
    for (const one of model.held.splice(0)) system.giveBack(one, undefined, 0);
    await system.clock.advance(1_000);
    model.collect(system.clock.now());
  }
  expect(system.limiter.inFlight).toBe(0);
  expect(system.limiter.waiting).toBe(0);
  expect(system.clock.pendingTimers).toBe(0);
  expect(model.ended).toBe(model.accepted);
}

const which = fc.nat(50);
const acquire = fc
  .tuple(fc.constantFrom(...PRIORITIES), fc.constantFrom(undefined, "a", "b", "c"))
  .map(([priority, key]) => new Acquire(priority, key));
const release = fc
  .tuple(which, fc.constantFrom("answered", "overloaded", undefined), fc.integer({ min: 1, max: 2_000 }))
  .map(([one, sign, latencyMs]) => new Release(one, sign, latencyMs));

/** Sequences of everything that can be done to a limiter; half of it is asking for permits. */
export const limiterCommands = fc.commands(
  [
    acquire,
    acquire,
    acquire,
    release,
    which.map((one) => new Cancel(one)),
    which.map((one) => new ReleaseAndCancel(one)),
    fc.integer({ min: 1, max: 700 }).map((ms) => new Pass(ms)),
  ],
  { maxCommands: 120, size: "max" },
);
