import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** An environment that points at shared files with these texts, new ones at each call. */
export type SharedFilesEnv = (config: string, credentials?: string) => Record<string, string>;

/** Makes shared configuration files for the tests of one file, and removes them after the last. */
export function sharedFiles(): SharedFilesEnv {
  const directory = mkdtempSync(join(tmpdir(), "shared-files-"));
  let files = 0;
  afterAll(() => rmSync(directory, { recursive: true }));

  function write(text: string): string {
    const path = join(directory, `file-${files++}`);
    writeFileSync(path, text);
    return path;
  }
  return (config, credentials = "") => ({
    AWS_CONFIG_FILE: write(config),
    AWS_SHARED_CREDENTIALS_FILE: write(credentials),
  });
}

/** An environment with no shared files at all. */
export const NO_FILES = { AWS_CONFIG_FILE: "no-such-file", AWS_SHARED_CREDENTIALS_FILE: "no-such-file" };
