import type { Breaker } from "../../lib/resilience/breaker/breaker.ts";
import { FleetView } from "../../lib/resilience/breaker/fleet-view.ts";
import type { BreakerLog } from "./breaker-log.ts";
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
