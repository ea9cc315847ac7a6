import type { Breaker } from "../../lib/resilience/breaker/breaker.ts";
import type { BreakerState, BreakerTransition } from "../../lib/resilience/breaker/breaker-state.ts";
import { FleetView } from "../../lib/resilience/breaker/fleet-view.ts";
import { BreakerLog } from "./breaker-log.ts";
import { type TestBreaker, testBreaker, wholeEndpoint } from "./breakers.ts";
import { FakeClock } from "./fake-clock.ts";

export interface TestView {
  readonly view: FleetView;
  readonly clock: FakeClock;
}

/** A view of `log` that looks each second. */
export function testView(
  log: BreakerLog,
  find: (key: string) => Breaker | undefined = () => undefined,
  random: () => number = () => 0.5,
): TestView {
  const clock = new FakeClock();
  return { clock, view: new FleetView({ store: log.reader(), pollMs: 1_000, clock, random, find }) };
}

/** A view of a store that has answered, or has refused, at its first look. */
export async function lookedAt(state: BreakerLog["state"]): Promise<TestView> {
  const log = new BreakerLog();
  log.state = state;
  const test = testView(log);
  test.view.joined("churn", testBreaker().breaker);
  await test.clock.advance(0);
  return test;
}

export interface TestProcess extends Omit<TestBreaker, "clock">, TestView {
  readonly breakerClock: FakeClock;
  /** Tells the view of a move of the breaker, or of that of another key. */
  moves(to: BreakerState, cause?: BreakerTransition["cause"], key?: string): void;
  /** The breaker comes into being. */
  join(): void;
}

/** One process of a fleet: a breaker for the key `churn`, and its view of the others behind `log`. */
export function testProcess(log: BreakerLog): TestProcess {
  const { clock: breakerClock, ...test } = testBreaker({ halfOpenAfterMs: 4_000 });
  const { view, clock } = testView(log, (key) => (key === "churn" ? test.breaker : undefined));
  return {
    ...test,
    view,
    clock,
    breakerClock,
    moves: (to, cause, key = "churn") =>
      view.transitioned(key, { target: wholeEndpoint, from: "closed", to, cause }),
    join: () => view.joined("churn", test.breaker),
  };
}
