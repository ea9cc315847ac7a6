import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { BASELINE } from "./client-catalogue.ts";
import { UsageError } from "./errors.ts";
import { FULL_PLAN, type Plan, QUICK_PLAN } from "./work.ts";

const MAX_ROUNDS = 100;

export interface BenchOptions {
  readonly plan: Plan;
  /** Names of the peers to run: the baseline first, none twice. */
  readonly clients: readonly string[];
  /** Where the raw result goes. */
  readonly jsonFile: string | undefined;
  /** The earlier raw result to compare with. */
  readonly compareFile: string | undefined;
}

interface Flags {
  quick?: true;
  rounds?: number;
  clients?: string[];
  json?: string;
  compare?: string;
}

/**
 * Reads the command line, without the two words that start it. `undefined` when it asked for help, which is then
 * printed.
 *
 * @throws {UsageError} for anything else than known options with allowed values
 */
export function parseOptions(argv: readonly string[], known: readonly string[]): BenchOptions | undefined {
  const command = buildCommand(known);
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UsageError(error.message.replace(/^error: /, ""));
  }
  const flags = command.opts<Flags>();
  const plan = flags.quick === true ? QUICK_PLAN : FULL_PLAN;
  return {
    plan: { ...plan, rounds: flags.rounds ?? plan.rounds },
    clients: [...new Set([BASELINE, ...(flags.clients ?? known)])],
    jsonFile: flags.json,
    compareFile: flags.compare,
  };
}

function buildCommand(known: readonly string[]): Command {
  return new Command("npm run bench --")
    .description("Measures what one call costs its client: CPU time, latency, allocation.")
    .option(
      "--quick",
      `${QUICK_PLAN.rounds} short rounds, under 2 minutes, instead of ${FULL_PLAN.rounds} long ones`,
    )
    .option("--rounds <n>", "number of rounds", parseRounds)
    .option("--clients <names>", `which of ${known.join(", ")}; ${BASELINE} always runs`, (names) =>
      parseClients(names, known),
    )
    .option("--json <file>", "write the raw result: every round", parseOutputFile)
    .option("--compare <file>", "compare with a result that --json wrote", parseInputFile)
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

function parseRounds(value: string): number {
  const rounds = /^\d+$/.test(value) ? Number(value) : 0;
  if (rounds >= 1 && rounds <= MAX_ROUNDS) return rounds;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_ROUNDS}.`);
}

function parseClients(value: string, known: readonly string[]): string[] {
  const names = value.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(`${JSON.stringify(unknown)} is no client; there are ${known.join(", ")}.`);
}

/** A place for the result is looked for now: minutes later is late to learn that there is none. */
function parseOutputFile(value: string): string {
  if (isDirectory(value)) throw new InvalidArgumentError("It must be a file, not a directory.");
  if (!isDirectory(dirname(value))) throw new InvalidArgumentError("Its directory must exist.");
  try {
    accessSync(existsSync(value) ? value : dirname(value), constants.W_OK);
  } catch {
    throw new InvalidArgumentError("It must be writable.");
  }
  return value;
}

function parseInputFile(value: string): string {
  if (existsSync(value) && !isDirectory(value)) return value;
  throw new InvalidArgumentError("It must be an existing file.");
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
