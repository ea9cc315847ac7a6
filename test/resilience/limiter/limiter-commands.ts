import fc from "fast-check";
import { expect } from "vitest";
import type { LoadSign } from "../../../lib/resilience/limiter/limit.ts";
import { NO_PERMIT } from "../../../lib/resilience/limiter/permit.ts";
import { type CallPriority, PRIORITIES, PRIORITY_RANK } from "../../../lib/resilience/limiter/priority.ts";
import { type Key, type Model, type System, step, type Waiting } from "./limiter-model.ts";

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
