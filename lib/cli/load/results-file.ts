import { open, writeFile } from "node:fs/promises";
import { CommandFailed } from "../command-failed.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Finds out whether the results can be written, before there are any to lose.
 *
 * @throws {UsageError} where they cannot
 */
export async function checkWritable(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  try {
    const file = await open(path, "a");
    await file.close();
  } catch (error) {
    throw new UsageError(`--json: ${(error as Error).message}`);
  }
}

/** @throws {CommandFailed} where the file cannot be written after all */
export async function writeResults(path: string, results: object): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(results, undefined, 2)}\n`);
  } catch (error) {
    throw new CommandFailed(`--json: ${(error as Error).message}`, 1);
  }
}
