import { readFile, readFileSync, type Stats, stat, statSync } from "node:fs";
import { promisify } from "node:util";
import type { ResilienceOptions } from "../config/resilience-config.ts";
import { show } from "../validate.ts";
import { parseResilience } from "./parse.ts";
import type { ResilienceFileOptions } from "./resilience-file.ts";

/** Where a file is looked at without waiting for it: the disk in production, one that hangs in tests. */
export interface Disk {
  stat(path: string): Promise<Stats>;
  readText(path: string): Promise<string>;
}

/** Not from node:fs/promises, which loads watchers and a reader of lines for a file that most processes do not have. */
const [statLater, readLater] = [promisify(stat), promisify(readFile)];
const systemDisk: Disk = { stat: (path) => statLater(path), readText: (path) => readLater(path, "utf8") };

/** Somebody who is told of changes. */
interface Follower {
  readonly change: (options: ResilienceOptions) => void;
  /** What {@link versionOf} said of the file that it was told of last. */
  version: string;
}

/** A file of options and those who follow it: one look at it serves all of them. */
export class FollowedFile {
  readonly #path: string;
  readonly #settings: Required<ResilienceFileOptions>;
  readonly #disk: Disk;
  readonly #followers = new Set<Follower>();
  /** Of what {@link read} gave last. */
  #versionRead = "";
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(path: string, settings: Required<ResilienceFileOptions>, disk = systemDisk) {
    this.#path = path;
    this.#settings = settings;
    this.#disk = disk;
  }

  /** What it says now. */
  read(): ResilienceOptions {
    // Ahead of the text: what is written in between is seen at the next look.
    this.#versionRead = versionOf(statSync(this.#path));
    return parseResilience(readFileSync(this.#path, "utf8"), this.#path);
  }

  /**
   * @param change told of what is not what {@link read} gave last
   * @returns ends it
   */
  follow(change: (options: ResilienceOptions) => void): () => void {
    const follower = { change, version: this.#versionRead };
    this.#followers.add(follower);
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => void this.#look(), this.#settings.pollMs);
      this.#timer.unref();
    }
    return () => {
      this.#followers.delete(follower);
      if (this.#followers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  /** One at a time: each look at a disk that hangs would take another of the few threads that the process has for files. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      // Whoever begins meanwhile may have read something newer than what is found.
      const followers = [...this.#followers];
      const version = await this.#versionNow();
      const behind = followers.filter((follower) => follower.version !== version);
      if (behind.length > 0) await this.#catchUp(behind, version);
    } finally {
      this.#isLooking = false;
    }
  }

  async #catchUp(behind: readonly Follower[], version: string): Promise<void> {
    const read = await this.#readLater();
    // It is being written: the next look finds all of it.
    if ((await this.#versionNow()) !== version) return;
    const followers = behind.filter((follower) => this.#followers.has(follower));
    for (const follower of followers) follower.version = version;
    if (followers.length === 0) return;
    if ("error" in read) {
      this.#refused(read.error);
      return;
    }
    const changed = followers.filter((follower) => this.#goesOver(follower, read.options));
    if (changed.length > 0) void tell("onReload", () => this.#settings.onReload());
  }

  #goesOver({ change }: Follower, options: ResilienceOptions): boolean {
    try {
      change(options);
      return true;
    } catch (error) {
      this.#refused(error);
      return false;
    }
  }

  #versionNow(): Promise<string> {
    return this.#disk.stat(this.#path).then(versionOf, () => "gone");
  }

  async #readLater(): Promise<{ options: ResilienceOptions } | { error: unknown }> {
    try {
      return { options: parseResilience(await this.#disk.readText(this.#path), this.#path) };
    } catch (error) {
      return { error };
    }
  }

  #refused(error: unknown): void {
    const { message } = error as Error;
    const said = message.includes(this.#path) ? message : `${this.#path}: ${message}`;
    const told = new Error(`${said}; the options before it stay in force`, { cause: error });
    void tell("onError", () => this.#settings.onError(told));
  }
}

function versionOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join();
}

/** A callback that throws, or is async and rejects, ends neither the process nor the looking. */
async function tell(name: "onError" | "onReload", callback: () => unknown): Promise<void> {
  try {
    await callback();
  } catch (error) {
    const reason = error instanceof Error ? error.message : show(error);
    warn(new Error(`resilienceFromFile.${name} failed: ${reason}`));
  }
}

export function warn(error: Error): void {
  process.emitWarning(error.message, "HoldfastWarning");
}
