import { Command, CommanderError, InvalidArgumentError } from "commander";
import { UsageError } from "../errors.ts";
import { namesOf } from "../option-parsers.ts";
import { OWN_POLICY } from "./goals.ts";
import type { Scenario } from "./scenarios/scenario.ts";

const FULL_SEEDS = [1, 2, 3, 4, 5];
/** The p99 of a run rests on some 70 requests: one seed alone makes it a tenth more or less than what is usual. */
const QUICK_SEEDS = [1, 2, 3];

export interface SimulateOptions {
  readonly scenarios: readonly Scenario[];
  /** Only these policies of each scenario; `undefined`: all. */
  readonly policies: readonly string[] | undefined;
  readonly seeds: readonly number[];
  readonly isQuick: boolean;
  /** Whether the report in the repository is to be replaced. */
  readonly isSaved: boolean;
  /** Where the report goes, a directory; `undefined`: nowhere. */
  readonly out: string | undefined;
  /** The policy that the goals are put to. */
  readonly judged: string;
}

interface Flags {
  quick?: true;
  scenarios?: string[];
  policies?: string[];
  seeds?: number[];
  save?: true;
  out?: string;
  judge: string;
}

/**
 * Reads the command line, without the two words that start it. `undefined` when it asked for help, which is then
 * printed.
 *
 * @throws {UsageError} for anything else than known options with allowed values
 */
export function parseOptions(
  argv: readonly string[],
  catalogue: (isQuick: boolean) => readonly Scenario[],
): SimulateOptions | undefined {
  const command = buildCommand(catalogue(false));
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UsageError(error.message.replace(/^error: /, ""));
  }
  const flags = command.opts<Flags>();
  const isQuick = flags.quick === true;
  return {
    scenarios: catalogue(isQuick).filter(({ group }) => flags.scenarios?.includes(group) ?? true),
    policies: flags.policies,
    seeds: flags.seeds ?? (isQuick ? QUICK_SEEDS : FULL_SEEDS),
    isQuick,
    isSaved: flags.save === true,
    out: flags.out,
    judged: flags.judge,
  };
}

/** The command that gives the same figures again. */
export function commandOf({ isQuick, seeds, scenarios, policies, isSaved }: SimulateOptions): string {
  const words = ["npm run simulate --", ...(isQuick ? ["--quick"] : []), ...(isSaved ? ["--save"] : [])];
  const groups = [...new Set(scenarios.map(({ group }) => group))];
  words.push(`--scenarios "${groups.join(",")}"`);
  if (policies !== undefined) words.push(`--policies "${policies.join(",")}"`);
  if (seeds.join() !== (isQuick ? QUICK_SEEDS : FULL_SEEDS).join()) words.push(`--seeds ${seeds.join(",")}`);
  return words.join(" ");
}

function buildCommand(scenarios: readonly Scenario[]): Command {
  const groups = [...new Set(scenarios.map(({ group }) => group))];
  const policies = [...new Set(scenarios.flatMap((scenario) => scenario.policies.map(({ name }) => name)))];
  return new Command("simulate")
    .description("Simulates fleets whose endpoint fails them, and says which goals are met.")
    .option("--quick", "what the goals are about, three seeds, without peers: under a minute")
    .option("--scenarios <a,b>", `of ${groups.join(", ")}`, namesOf("scenario", groups))
    .option("--policies <a,b>", `of ${policies.join(", ")}`, namesOf("policy", policies))
    .option("--seeds <a,b>", "whole numbers: other seeds, other arrivals", seedsOf)
    .option("--judge <policy>", "the policy that the goals are put to", policyOf(policies), OWN_POLICY)
    .option("--out <directory>", "where report.html, report.md and simulation.json go")
    .option("--save", "replace the report in bench/simulate/results")
    .exitOverride()
    .configureOutput({ outputError: () => {} });
}

function seedsOf(value: string): number[] {
  const seeds = value.split(",").map((seed) => (/^\d{1,9}$/.test(seed.trim()) ? Number(seed) : Number.NaN));
  if (seeds.some(Number.isNaN))
    throw new InvalidArgumentError("Seeds are whole numbers with commas between.");
  return seeds;
}

function policyOf(policies: readonly string[]): (value: string) => string {
  return (value) => namesOf("policy", policies)(value)[0]!;
}
