import { Breaker, REFUSED } from "../../lib/resilience/breaker/breaker.ts";
import { resolveBreaker } from "../../lib/resilience/breaker/breaker-settings.ts";
import type { BreakerTransition } from "../../lib/resilience/breaker/breaker-state.ts";
import type { CircuitBreakerOptions } from "../../lib/resilience/breaker/options.ts";
import { type Target, type TargetInput, targetOf } from "../../lib/target.ts";
import { FakeClock } from "./fake-clock.ts";

/** A breaker on a fake clock, with every transition it made. */
export interface TestBreaker {
  readonly breaker: Breaker;
  readonly clock: FakeClock;
  readonly transitions: string[];
  /** Asks for a permit that must be granted. */
  admitted(): number;
  /** Whether the breaker refuses the next attempt. */
  refuses(): boolean;
  /** Fails attempts until the breaker is open. */
  trip(): void;
}

export const wholeEndpoint: Target = targetOf({ EndpointName: "churn" });

export function testBreaker(
  options: CircuitBreakerOptions = {},
  input: TargetInput = { EndpointName: "churn" },
  random: () => number = () => 0.5,
): TestBreaker {
  const clock = new FakeClock();
  const transitions: string[] = [];
  const onStateChange = (t: BreakerTransition) => transitions.push(`${t.from} > ${t.to}`);
  const breaker = new Breaker(
    targetOf(input),
    resolveBreaker({ onStateChange, ...options }, { clock, random }),
  );
  const admitted = (): number => {
    const permit = breaker.admit();
    if (permit === REFUSED) throw new Error(`refused while ${breaker.state}`);
    return permit;
  };
  return {
    breaker,
    clock,
    transitions,
    admitted,
    refuses: () => breaker.admit() === REFUSED,
    trip() {
      for (let i = 0; i < 1_000 && breaker.state === "closed"; i++) breaker.settle(admitted(), "failure");
    },
  };
}
