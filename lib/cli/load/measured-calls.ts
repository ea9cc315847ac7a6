import type { LoadTest } from "../../load/load-test.ts";
import { UsageError } from "../usage-error.ts";
import type { LoadFlags } from "./flags.ts";

/**
 * Refuses a run that would have nothing to report on a configuration.
 *
 * @throws {UsageError} with what would be enough
 */
export function checkMeasuredCalls(
  { slices }: LoadTest,
  names: readonly string[],
  { rate, duration }: Pick<LoadFlags, "rate" | "duration">,
): void {
  const [idle] = slices.idleArms();
  if (idle === undefined) return;
  const call = names.length === 1 ? "call" : `call of ${names[idle]}`;
  // One call in each slice.
  const enough = `give a --rate of at least ${roundUp(slices.count / duration)}, or a --duration of at least ${roundUp(slices.count / rate)}`;
  throw new UsageError(
    `no ${call} would be measured at --rate ${rate} for --duration ${duration}: ${enough}`,
  );
}

function roundUp(value: number): number {
  return Math.ceil(value * 100 - 1e-6) / 100;
}
