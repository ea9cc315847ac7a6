import { Command, CommanderError, Option } from "commander";
import { BASELINE } from "./client-catalogue.ts";
import { UsageError } from "./errors.ts";
import { majorOf, REFERENCE_NODE } from "./node-version.ts";
import { inputFile, namesOf, nodeVersion, outputFile, wholeNumber } from "./option-parsers.ts";
import type { Part } from "./part.ts";

const FULL_ROUNDS = 5;
const QUICK_ROUNDS = 3;
const MAX_ROUNDS = 100;
const SOAK_MINUTES = 30;
const MAX_SOAK_MINUTES = 24 * 60;
/** Three clients at once on two cores must have idle time, as the service that they stand for has. */
const SOAK_RATE_PER_SECOND = 300;
const MAX_SOAK_RATE_PER_SECOND = 10_000;

/** A part that was chosen, and how it is to measure. */
export interface ChosenPart {
  readonly part: Part;
  readonly clients: readonly string[];
  readonly rounds: number;
}

export interface BenchOptions {
  readonly parts: readonly ChosenPart[];
  readonly isQuick: boolean;
  /** The version of Node to measure under, such as `22`. */
  readonly nodeVersion: string | undefined;
  readonly soakMinutes: number;
  readonly soakRatePerSecond: number;
  /** Whether each part's result is kept in `bench/results/raw/`. */
  readonly isSaved: boolean;
  /** Where the raw results go as well. */
  readonly jsonFile: string | undefined;
  /** The earlier results to compare with. */
  readonly compareFile: string | undefined;
}

interface Flags {
  quick?: true;
  faults?: true;
  node?: string;
  parts?: string[];
  clients?: string[];
  rounds?: number;
  soakMinutes: number;
  soakRate: number;
  save?: true;
  json?: string;
  compare?: string;
}

/**
 * Reads the command line, without the two words that start it. `undefined` when it asked for help, which is then
 * printed.
 *
 * @throws {UsageError} for anything else than known options with allowed values
 */
export function parseOptions(
  argv: readonly string[],
  parts: readonly Part[],
  peers: readonly string[],
): BenchOptions | undefined {
  const command = buildCommand(parts, peers);
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
    parts: chooseParts(parts, flags),
    isQuick,
    nodeVersion: flags.node,
    soakMinutes: flags.soakMinutes,
    soakRatePerSecond: flags.soakRate,
    isSaved: flags.save === true,
    jsonFile: flags.json,
    compareFile: flags.compare,
  };
}

/** The command that measures a part again as it was measured. */
export function commandOf({ part, clients, rounds }: ChosenPart, options: BenchOptions): string {
  const { isQuick, soakMinutes, soakRatePerSecond } = options;
  const words = ["npm run bench --", ...(isQuick ? ["--quick"] : []), `--parts ${part.name}`];
  const usual = isQuick && part.quickClients.length > 0 ? part.quickClients : part.clients;
  if (clients.join() !== usual.join()) words.push(`--clients ${clients.join(",")}`);
  if (rounds !== usualRoundsOf(part, isQuick)) words.push(`--rounds ${rounds}`);
  if (part.name === "soak" && soakMinutes !== SOAK_MINUTES) words.push(`--soak-minutes ${soakMinutes}`);
  if (part.name === "soak" && soakRatePerSecond !== SOAK_RATE_PER_SECOND) {
    words.push(`--soak-rate ${soakRatePerSecond}`);
  }
  const node = majorOf(process.versions.node);
  if (node !== REFERENCE_NODE) words.push(`--node ${node}`);
  return words.join(" ");
}

function usualRoundsOf({ usualRounds }: Part, isQuick: boolean): number {
  const { full, quick } = usualRounds ?? { full: FULL_ROUNDS, quick: QUICK_ROUNDS };
  return isQuick ? quick : full;
}

function chooseParts(parts: readonly Part[], flags: Flags): ChosenPart[] {
  const { quick, clients, rounds } = flags;
  const names = flags.faults === true ? ["faults"] : flags.parts;
  const chosen = parts.filter(({ name, quickClients }) =>
    names === undefined ? quick !== true || quickClients.length > 0 : names.includes(name),
  );
  const withClients = chosen.map((part) => ({
    part,
    clients: chooseClients(part, quick === true, clients),
    rounds: rounds ?? usualRoundsOf(part, quick === true),
  }));
  // Without --parts, a part that has nothing to say of these clients is left out.
  if (names === undefined) return withClients.filter((choice) => choice.clients.length > 0);
  const idle = withClients.find((choice) => choice.clients.length === 0);
  if (idle === undefined) return withClients;
  throw new UsageError(
    `--parts ${idle.part.name} measures none of --clients ${clients?.join(",")}; ` +
      `it measures ${idle.part.clients.join(", ")}`,
  );
}

/** In the part's own order. The baseline always runs where it makes sense, for every ratio is to it. */
function chooseClients(part: Part, isQuick: boolean, asked: readonly string[] | undefined): string[] {
  const usual = isQuick && part.quickClients.length > 0 ? part.quickClients : part.clients;
  if (asked === undefined) return [...usual];
  const chosen = part.clients.filter((name) => asked.includes(name));
  if (chosen.length === 0 && !asked.includes(BASELINE)) return [];
  return part.clients.filter((name) => name === BASELINE || asked.includes(name));
}

function buildCommand(parts: readonly Part[], peers: readonly string[]): Command {
  const partNames = parts.map(({ name }) => name);
  const quickParts = parts.filter(({ quickClients }) => quickClients.length > 0).map(({ name }) => name);
  const width = Math.max(...partNames.map((name) => name.length));
  return new Command("npm run bench --")
    .description("Measures what one call costs its client, in parts: all of them, unless told otherwise.")
    .option(
      "--quick",
      `${QUICK_ROUNDS} short rounds instead of ${FULL_ROUNDS} long ones, few clients, and without --parts only ` +
        `${quickParts.join(", ")}: under 2 minutes`,
    )
    .option("--parts <names>", `which of ${partNames.join(", ")}`, namesOf("part", partNames))
    .addOption(new Option("--faults", "the same as --parts faults").conflicts("parts"))
    .option(
      "--clients <names>",
      `which of ${peers.join(", ")}; ${BASELINE} always runs, and a part leaves out whom it has nothing to ask`,
      namesOf("client", peers),
    )
    .option("--rounds <n>", "number of rounds", wholeNumber(1, MAX_ROUNDS))
    .option("--soak-minutes <n>", "length of the soak", wholeNumber(1, MAX_SOAK_MINUTES), SOAK_MINUTES)
    .option(
      "--soak-rate <n>",
      "calls per second of each client in the soak; fewer where it runs beside other work",
      wholeNumber(1, MAX_SOAK_RATE_PER_SECOND),
      SOAK_RATE_PER_SECOND,
    )
    .option(
      "--node <version>",
      "measure under this Node, such as 22 or 22.23.3, which npx fetches",
      nodeVersion,
    )
    .option("--save", "keep each part's result in bench/results/raw/, where the report is made from")
    .option("--json <file>", "write the results: every figure of every round", outputFile)
    .option("--compare <file>", "compare with results that --json or --save wrote", inputFile)
    .addHelpText(
      "after",
      `\nParts:\n${parts.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join("\n")}`,
    )
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}
