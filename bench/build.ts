import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { bundlePackage } from "../build/bundle.ts";
import { BenchError } from "./errors.ts";

const ROOT = join(import.meta.dirname, "..");

/**
 * Compiles this project and the bench into a temporary directory with the settings of `npm run build`, and returns
 * the URL of the compiled bench. There the name `holdfast` means the bundled package, as it does for whoever
 * installs it. What is measured must not come from a TypeScript loader: its own transform keeps the names of
 * functions at a cost per closure. The directory goes when the process exits.
 */
export async function buildBench(): Promise<URL> {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  // A package may import itself by its name: the manifest's `exports` point into `dist`.
  copyFileSync(join(ROOT, "package.json"), join(directory, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"), "junction");
  const outDir = join(directory, "dist");
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const project = join(import.meta.dirname, "tsconfig.build.json");
  await run(process.execPath, [tsc, "-p", project, "--outDir", outDir]);
  // Over the files of the package, one by one, come the bundles that are published.
  await bundlePackage(outDir);
  return pathToFileURL(join(outDir, "bench/"));
}

async function run(command: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(command, args, { cwd: ROOT });
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: string };
    throw new BenchError(`the build failed: ${(stdout || message).split("\n")[0]}`);
  }
}
