import { ownCores } from "./cores.ts";
import { describeMachine, packageVersion } from "./machine.ts";
import { type BenchOptions, type ChosenPart, commandOf } from "./options.ts";
import type { PartRun } from "./part.ts";
import { FORMAT, type PartResult } from "./result.ts";
import { describeRevision } from "./revision.ts";
import { watchStolenTime } from "./stolen-time.ts";

const OWN_PACKAGE = "holdfast";

/** A part's result, and one line for each kind of work that it cannot be trusted with. */
export interface PartOutcome {
  readonly result: PartResult;
  readonly doubts: readonly string[];
}

/** @throws {BenchError} where nothing of what it measures can be trusted */
export async function runPart(
  chosen: ChosenPart,
  options: BenchOptions,
  { build, onProgress }: Pick<PartRun, "build" | "onProgress">,
): Promise<PartOutcome> {
  const { part, clients, rounds } = chosen;
  const { isQuick, soakMinutes, soakRatePerSecond } = options;
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  const revision = describeRevision();
  const cores = part.hasCoresApart ? ownCores() : undefined;
  const stolenSoFar = watchStolenTime();
  const measured = await part.measure({
    build,
    cores,
    clients,
    rounds,
    isQuick,
    soakMinutes,
    soakRatePerSecond,
    onProgress,
  });
  const stolenShare = stolenSoFar();
  const result: PartResult = {
    format: FORMAT,
    part: part.name,
    startedAt,
    command: commandOf(chosen, options),
    revision,
    isQuick,
    rounds,
    machine,
    ...(part.hasCoresApart && { hasOwnCores: cores !== undefined }),
    ...(stolenShare !== undefined && { stolenShare }),
    packages: versionsOf(measured.packages),
    clients: measured.clients,
    figures: measured.figures,
    curves: measured.curves,
  };
  return { result, doubts: measured.doubts };
}

function versionsOf(names: readonly string[]): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const name of names) {
    versions[name] = packageVersion(name) + (name === OWN_PACKAGE ? " (this tree, built)" : "");
  }
  return versions;
}
