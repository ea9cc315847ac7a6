import { expect } from "vitest";
import { ConcurrencyLimiter } from "../../../lib/resilience/limiter/concurrency-limiter.ts";
import type { LoadSign } from "../../../lib/resilience/limiter/limit.ts";
import { resolveLimiter } from "../../../lib/resilience/limiter/limiter-settings.ts";
import type { ConcurrencyLimitOptions } from "../../../lib/resilience/limiter/options.ts";
import type { WaitEnd, Waiter } from "../../../lib/resilience/limiter/waiter.ts";
import { targetOf } from "../../../lib/target.ts";
import { FakeClock } from "../../support/fake-clock.ts";

export type Key = string | undefined;

export interface Held {
  readonly permit: number;
  readonly key: Key;
  readonly at: number;
}

export interface Waiting {
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
export async function step(
  model: Model,
  system: System,
  act: () => void | Promise<void>,
): Promise<Waiting[]> {
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
