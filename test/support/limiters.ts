import { ConcurrencyLimiter } from "../../lib/resilience/limiter/concurrency-limiter.ts";
import { resolveLimiter } from "../../lib/resilience/limiter/limiter-settings.ts";
import type { ConcurrencyLimitOptions } from "../../lib/resilience/limiter/options.ts";
import { NO_PERMIT } from "../../lib/resilience/limiter/permit.ts";
import type { CallPriority } from "../../lib/resilience/limiter/priority.ts";
import type { Waiter } from "../../lib/resilience/limiter/waiter.ts";
import { type TargetInput, targetOf } from "../../lib/target.ts";
import { FakeClock } from "./fake-clock.ts";

/** Who waits. */
export interface TestWaiter {
  /** What {@link TestLimiter.served} shows. */
  readonly name?: string;
  readonly priority?: CallPriority;
  readonly fairnessKey?: string;
}

/** A limiter of a fixed limit on a fake clock. */
export interface TestLimiter {
  readonly limiter: ConcurrencyLimiter;
  readonly clock: FakeClock;
  /** Names of the waiters that got a permit, in that order. */
  readonly served: string[];
  /** Takes a permit that must be there. */
  hold(): void;
  /** Joins the queue, which must have a place. */
  wait(waiter?: TestWaiter): Waiter;
  /** Hands one permit back. */
  giveBack(fairnessKey?: string): void;
}

export function testLimiter(
  limit: number,
  options: Pick<ConcurrencyLimitOptions, "maxQueue" | "queueTimeoutMs"> = {},
  input: TargetInput = { EndpointName: "churn" },
): TestLimiter {
  const clock = new FakeClock();
  const settings = resolveLimiter({ algorithm: "fixed", initial: limit, ...options }, clock);
  const limiter = new ConcurrencyLimiter(targetOf(input), settings);
  const served: string[] = [];
  const heldSince: number[] = [];
  return {
    limiter,
    clock,
    served,
    hold() {
      if (limiter.tryAcquire(undefined) === NO_PERMIT) throw new Error("no permit is free");
      heldSince.push(clock.now());
    },
    wait({ name = "", priority = "standard", fairnessKey } = {}) {
      const waiter = limiter.enqueue(priority, fairnessKey);
      if (waiter === undefined) throw new Error("the queue is full");
      void waiter.end.then((end) => typeof end === "number" && served.push(name));
      return waiter;
    },
    giveBack(fairnessKey) {
      limiter.release(1, fairnessKey, heldSince.shift() ?? clock.now(), "answered", 1);
    },
  };
}
