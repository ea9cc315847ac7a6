import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { UsageError } from "../usage-error.ts";
import type { LoadFlags } from "./flags.ts";

/**
 * The payload of each call: empty where no flag gives one.
 *
 * @throws {UsageError} for two of them, or a file that cannot be read
 */
export async function readBody({ body, bodyFile }: LoadFlags): Promise<Uint8Array> {
  if (body !== undefined && bodyFile !== undefined) {
    throw new UsageError("--body and --body-file are both the payload: give one of them");
  }
  if (bodyFile === undefined) return new TextEncoder().encode(body ?? "");
  if (bodyFile === "-") return await buffer(process.stdin);
  try {
    return await readFile(bodyFile);
  } catch (error) {
    throw new UsageError(`--body-file: ${(error as Error).message}`);
  }
}
