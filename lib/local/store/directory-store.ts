import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ObjectAddress, ObjectStore, StoredObject } from "./object-store.ts";
import { StoreDirectoryError } from "./store-directory-error.ts";

/**
 * Keeps objects as files, `directory/bucket/key`, so that they can be looked at, and inputs laid there by
 * hand. Headers of an object live as long as the store; a file that it did not write has none. A key that is
 * a folder of another key (`a` and `a/b`) cannot be kept.
 */
export class DirectoryStore implements ObjectStore {
  #directory: string;
  #headers = new Map<string, StoredObject["headers"]>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * A store in a directory that is there and takes files: it is made where there is none.
   *
   * @throws {StoreDirectoryError} where it cannot be made, or takes none
   */
  static async open(directory: string): Promise<DirectoryStore> {
    // Permissions do not say it: they mean nothing to root, and a file system may be read-only.
    const trial = join(directory, `.${randomUUID()}.part`);
    try {
      await mkdir(directory, { recursive: true });
      await writeFile(trial, "");
      await rm(trial);
    } catch (error) {
      throw new StoreDirectoryError(directory, error as NodeJS.ErrnoException);
    }
    return new DirectoryStore(directory);
  }

  async get(address: ObjectAddress): Promise<StoredObject | undefined> {
    const path = this.#pathOf(address);
    try {
      const [body, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
      return { body, headers: this.#headers.get(path) ?? {}, lastModifiedMs: mtimeMs };
    } catch (error) {
      if (ABSENT.includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw error;
    }
  }

  async put(address: ObjectAddress, object: StoredObject): Promise<void> {
    const path = this.#pathOf(address);
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    // Readers poll for the object: they must never find half of it.
    const unfinished = join(folder, `.${randomUUID()}.part`);
    try {
      await writeFile(unfinished, object.body);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    this.#headers.set(path, object.headers);
  }

  #pathOf({ bucket, key }: ObjectAddress): string {
    return join(this.#directory, fileName(bucket), ...key.split("/").map(fileName));
  }
}

const ABSENT = ["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG"];

/** A file name that stays inside its folder, whatever the segment is. */
function fileName(segment: string): string {
  if (segment === "") return "%";
  return encodeURIComponent(segment).replace(/^\.+$/, (dots) => dots.replaceAll(".", "%2E"));
}
