import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { CommandFailed } from "./command-failed.ts";
import { loadCommand } from "./load/command.ts";
import { localCommand } from "./local.ts";
import { UsageError } from "./usage-error.ts";

/** Exit code for a command line that is not understood. */
const USAGE_EXIT_CODE = 2;

/**
 * Runs one command line, without the names of node and the script.
 *
 * @returns the exit code: 0, 2 for bad usage, or that of a command that failed; why has been told in one line
 * on standard error
 */
export async function runCli(args: readonly string[]): Promise<number> {
  const { version } = createRequire(import.meta.url)("holdfast/package.json") as { version: string };
  const program = new Command("holdfast")
    .description("Tools around the Holdfast client for Amazon SageMaker endpoints.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help");
  for (const command of [program, localCommand(), loadCommand()]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
    if (command !== program) program.addCommand(command);
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommandFailed) {
      process.stderr.write(`error: ${error.message}\n`);
      return error.exitCode;
    }
    const line = usageLine(error, program);
    if (line === undefined) throw error;
    process.stderr.write(line);
    return USAGE_EXIT_CODE;
  }
}

/** What to tell about bad usage, in one line; empty where the help has been printed; undefined for a failure. */
function usageLine(error: unknown, program: Command): string | undefined {
  if (error instanceof UsageError) return `error: ${error.message}\n`;
  if (!(error instanceof CommanderError)) return undefined;
  if (error.code === "commander.help") return "";
  const line = error.message.replaceAll("\n", " ");
  if (error.code !== "commander.unknownCommand") return `${line}\n`;
  return `${line}; known: ${program.commands.map((command) => command.name()).join(", ")}\n`;
}
