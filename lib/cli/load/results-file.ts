import { open, stat, writeFile } from "node:fs/promises";
import { CommandFailed } from "../command-failed.ts";
import { UsageError } from "../usage-error.ts";
import type { LoadFlags } from "./flags.ts";

/**
 * Refuses to write the results over a file that the run reads, by whatever names and links the two are given.
 *
 * @throws {UsageError} naming both flags
 */
export async function checkOverwritesNoInput(flags: LoadFlags): Promise<void> {
  const { json, config, compare, bodyFile } = flags;
  if (json === undefined) return;
  const results = await identityOf(json);
  if (results === undefined) return;
  const inputs = {
    "--config": config,
    "--compare": compare,
    "--body-file": bodyFile === "-" ? undefined : bodyFile,
  };
  for (const [flag, path] of Object.entries(inputs)) {
    if (path === undefined || (await identityOf(path)) !== results) continue;
    throw new UsageError(`--json ${json} is the file of ${flag}, and would overwrite it: give another one`);
  }
}

/** What tells a regular file from any other, by all of its names; `undefined` for what is none. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() ? `${found.dev}:${found.ino}` : undefined;
}

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
