import { readFileSync, type Stats, stat, statSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { ResilienceOptions } from "../config/resilience-config.ts";
import { checkFunction, checkInteger, checkKeys, invalidOption } from "../validate.ts";
import { parseResilience } from "./parse.ts";

/** Not from node:fs/promises, which loads watchers and a reader of lines for a file that most processes do not have. */
const statLater = promisify(stat);

export interface ResilienceFileOptions {
  /**
   * How often the file is looked at, in milliseconds, at least 10. It is looked at by name and not watched as an open
   * file: editors replace it, and Kubernetes swaps a link somewhere above it, which no watch of a file notices.
   * @default 1_000
   */
  pollMs?: number;
  /**
   * Told when a changed file was of no use: the options before it stay in force.
   * @default a warning of the process
   */
  onError?: (error: Error) => void;
  /** Told when the options of a changed file are in force. */
  onReload?: () => void;
}

/** Options that may change by themselves, for the `resilience` option of a client. */
export interface ResilienceSource {
  /** What is in force to begin with. */
  readonly options: ResilienceOptions;
  /**
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
 * The client that has it looks at it until it is closed; looking keeps no process alive.
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
  const file = new WatchedFile(resolve(path), { onError: warn, onReload() {}, ...options, pollMs });
  file.read();
  return {
    get options() {
      return file.read();
    },
    subscribe: (change) => file.subscribe(change),
  };
}

class WatchedFile {
  readonly #path: string;
  readonly #options: Required<ResilienceFileOptions>;
  /** What {@link versionOf} said of the file that was read last. */
  #version: string | undefined;

  constructor(path: string, options: Required<ResilienceFileOptions>) {
    this.#path = path;
    this.#options = options;
  }

  read(): ResilienceOptions {
    // Ahead of the text: what is written in between is seen at the next look.
    this.#version = versionOf(statSync(this.#path));
    return parseResilience(readFileSync(this.#path, "utf8"), this.#path);
  }

  subscribe(change: (options: ResilienceOptions) => void): () => void {
    let isOver = false;
    const timer = setInterval(async () => {
      const found = await statLater(this.#path).then(versionOf, () => "gone");
      if (!isOver) this.#take(found, change);
    }, this.#options.pollMs);
    timer.unref();
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }

  #take(found: string, change: (options: ResilienceOptions) => void): void {
    if (found === this.#version) return;
    this.#version = found;
    try {
      change(this.read());
    } catch (error) {
      const { message } = error as Error;
      const said = message.includes(this.#path) ? message : `${this.#path}: ${message}`;
      this.#options.onError(new Error(`${said}; the options before it stay in force`, { cause: error }));
      return;
    }
    this.#options.onReload();
  }
}

function versionOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join();
}

function warn(error: Error): void {
  process.emitWarning(error.message, "HoldfastWarning");
}
