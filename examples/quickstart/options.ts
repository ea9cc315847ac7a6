import { Command, InvalidArgumentError } from "commander";

export interface QuickstartOptions {
  readonly calls: number;
  /** Calls under way at a time. */
  readonly concurrency: number;
  /** Order of the rows and of the faults. */
  readonly seed: number;
  /** Retries, breaker and warm-up gate off. */
  readonly bare: boolean;
  /** Keep serving `/metrics` after the report, until Ctrl-C. */
  readonly stay: boolean;
}

const MAX_CALLS = 10_000_000;
const MAX_CONCURRENCY = 1_024;
const MAX_SEED = 2 ** 32 - 1;

/**
 * Reads the command line.
 *
 * @param args what follows the script's name
 * @throws {CommanderError} when the arguments are wrong or help was asked for; the one line that says what is
 *   wrong, or the help, is written by then, and `exitCode` is 0 only after help
 */
export function parseOptions(args: readonly string[]): QuickstartOptions {
  const command = new Command("npm start --")
    .description(
      "Sends Fisher's irises through every stage of the client to a local endpoint that misbehaves.",
    )
    .option("--calls <number>", "how many calls to make", wholeNumber(1, MAX_CALLS), 5_000)
    .option("--concurrency <number>", "calls under way at a time", wholeNumber(1, MAX_CONCURRENCY), 64)
    .option("--seed <number>", "order of the rows and of the faults", wholeNumber(0, MAX_SEED), 1)
    .option("--bare", "leave out retries, breaker and warm-up gate, to see what they do", false)
    .option("--stay", "keep serving /metrics after the report, until Ctrl-C", false)
    .exitOverride()
    .showSuggestionAfterError(false)
    .allowExcessArguments(false);
  return command.parse(args, { from: "user" }).opts<QuickstartOptions>();
}

function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
