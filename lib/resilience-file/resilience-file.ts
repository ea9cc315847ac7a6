import { resolve } from "node:path";
import type { ResilienceOptions } from "../config/resilience-config.ts";
import { checkFunction, checkInteger, checkKeys, invalidOption } from "../validate.ts";
import { FollowedFile, warn } from "./followed-file.ts";

export interface ResilienceFileOptions {
  /**
   * How often the file is looked at, in milliseconds, at least 10. It is looked at by name and not watched as an open
   * file: editors replace it, and Kubernetes swaps a link somewhere above it, which no watch of a file notices. A look
   * that takes longer, as on a network file system that hangs, is waited for and not doubled.
   * @default 1_000
   */
  pollMs?: number;
  /**
   * Told when a changed file was of no use: the options before it stay in force. Where clients share the file and one
   * of them refuses what it says, the others go over to it. What this throws is a warning of the process.
   * @default a warning of the process
   */
  onError?: (error: Error) => void;
  /**
   * Told when the options of a changed file are in force: once, in all clients that share it. What this throws is a
   * warning of the process.
   */
  onReload?: () => void;
}

/** Options that may change by themselves, for the `resilience` option of a client. */
export interface ResilienceSource {
  /** What is in force to begin with. */
  readonly options: ResilienceOptions;
  /**
   * Tells of what comes after the `options` that were asked for last.
   *
   * @param change goes over to other options, or throws where they are wrong
   * @returns ends it
   */
  subscribe(change: (options: ResilienceOptions) => void): () => void;
}

/**
 * Reads options of resilience from a JSON file, and goes on reading them when it changes:
 * `new SageMakerRuntimeClient({ resilience: resilienceFromFile("./resilience.json") })`. The file may say what
 * `client.reconfigure()` takes, and a `preset` that this is on top of; `holdfast/resilience.schema.json` is its JSON
 * Schema. It goes before what is said in code. A file that is wrong, or gone, changes nothing and is told to `onError`.
 *
 * It is looked at until the clients that have it are closed, any number of them; looking keeps no process alive.
 *
 * @throws {Error} where the file cannot be read; {@link SyntaxError} where it is no JSON; {@link TypeError} for an
 * option that does not exist. Values are checked when the client is made.
 */
export function resilienceFromFile(path: string, options: ResilienceFileOptions = {}): ResilienceSource {
  if (typeof path !== "string" || path === "")
    throw invalidOption("resilienceFromFile: path", "the path of a file", path);
  checkKeys("resilienceFromFile", options, ["pollMs", "onError", "onReload"]);
  checkFunction("resilienceFromFile.onError", options.onError);
  checkFunction("resilienceFromFile.onReload", options.onReload);
  const pollMs = checkInteger("resilienceFromFile.pollMs", options.pollMs ?? 1_000, 10, 3_600_000);
  const file = new FollowedFile(resolve(path), { onError: warn, onReload() {}, ...options, pollMs });
  file.read();
  return {
    get options() {
      return file.read();
    },
    subscribe: (change) => file.follow(change),
  };
}
