import { readFileSync } from "node:fs";
import { packageVersion } from "../machine.ts";

/** What became of the mutants of one file. */
export interface UnitScore {
  readonly file: string;
  /** Found by a test. */
  readonly killed: number;
  /** Found because the tests did not come to an end. */
  readonly timedOut: number;
  /** Run by tests, none of which noticed. */
  readonly survived: number;
  /** Not even run by a test. */
  readonly notCovered: number;
}

/** One run: what the committed report is made from. */
export interface MutationSummary {
  /** What was mutated, as the command line said it. */
  readonly mutated: string;
  readonly revision: string;
  readonly node: string;
  readonly stryker: string;
  readonly vitest: string;
  readonly minutes: number;
  readonly units: readonly UnitScore[];
}

/** The part of Stryker's report (mutation-testing-elements, schema 2) that is read here. */
interface FullReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

/** @param file of Stryker's JSON reporter */
export function summarize(
  file: string,
  { mutated, revision, minutes }: Pick<MutationSummary, "mutated" | "revision" | "minutes">,
): MutationSummary {
  const { files }: FullReport = JSON.parse(readFileSync(file, "utf8"));
  return {
    mutated,
    revision,
    node: process.versions.node,
    stryker: packageVersion("@stryker-mutator/core"),
    vitest: packageVersion("vitest"),
    minutes: Math.ceil(minutes),
    units: Object.entries(files)
      .map(([path, { mutants }]) => unitScore(path, mutants))
      .filter((unit) => mutantsOf(unit) > 0)
      .sort((a, b) => a.file.localeCompare(b.file, "en")),
  };
}

/** Every mutant that could be judged. */
export function mutantsOf({ killed, timedOut, survived, notCovered }: UnitScore): number {
  return killed + timedOut + survived + notCovered;
}

/** Percent of the mutants that were found. */
export function scoreOf(unit: UnitScore): number {
  return (100 * (unit.killed + unit.timedOut)) / mutantsOf(unit);
}

export function totalOf(units: readonly UnitScore[]): UnitScore {
  const sum = (count: (unit: UnitScore) => number) => units.reduce((all, unit) => all + count(unit), 0);
  return {
    file: "all",
    killed: sum(({ killed }) => killed),
    timedOut: sum(({ timedOut }) => timedOut),
    survived: sum(({ survived }) => survived),
    notCovered: sum(({ notCovered }) => notCovered),
  };
}

function unitScore(file: string, mutants: readonly { readonly status: string }[]): UnitScore {
  const count = (status: string) => mutants.filter((mutant) => mutant.status === status).length;
  return {
    file,
    killed: count("Killed"),
    timedOut: count("Timeout"),
    survived: count("Survived"),
    notCovered: count("NoCoverage"),
  };
}
