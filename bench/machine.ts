import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";
import { join } from "node:path";

/** What the figures depend on, apart from the code. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Of the last minute before the run: other work on the machine widens every spread. */
  readonly loadAverage: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown CPU",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    loadAverage: loadavg()[0] ?? 0,
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}

/** Version of an installed package; that of this project for its own name. */
export function packageVersion(name: string): string {
  const own = readManifest(join(import.meta.dirname, "..", "package.json"));
  if (own?.name === name) return own.version;
  // Read as a file: a package need not export its manifest.
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of folders) {
    const manifest = readManifest(join(folder, name, "package.json"));
    if (manifest !== undefined) return manifest.version;
  }
  return "not installed";
}

function readManifest(path: string): { name: string; version: string } | undefined {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}
