import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { builtinsAsTheyAre } from "./builtins.ts";
import { sharedByAll } from "./shared-by-all.ts";

const ROOT = join(import.meta.dirname, "..");

const FOR_NODE = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  mainFields: ["module", "main"],
  logLevel: "warning",
} as const satisfies BuildOptions;

/**
 * Entry points that are built together share what they have in common, errors above all: `instanceof` must hold across
 * the client, its layers and the plug-in. What others have in common with those they have once more: each file that is
 * shared by some of the entries and not by all is one more to load with the client.
 */
const TOGETHER = [
  ["lib/index.ts", "middleware/index.ts", "lib/plugin/index.ts"],
  ["lib/local/index.ts", "lib/cli/main.ts"],
  ["lib/redis/index.ts"],
];

/** Loaded from where they are installed: only at their first use, or by the command line and the local endpoint alone. */
const INSTALLED = ["@aws-sdk/*", "@smithy/signature-v4", "asciichart", "cli-progress", "commander", "undici"];

/** Writes the published JavaScript: one file per entry point and one for all that those built together have in common. */
export async function bundlePackage(outdir: string): Promise<void> {
  await Promise.all(TOGETHER.map((entries) => bundleTogether(entries, outdir)));
}

async function bundleTogether(entries: readonly string[], outdir: string): Promise<void> {
  const options = {
    ...FOR_NODE,
    entryPoints: entries.map((path) => join(ROOT, path)),
    outbase: ROOT,
    outdir,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    external: INSTALLED,
    plugins: [builtinsAsTheyAre],
    allowOverwrite: true,
  } satisfies BuildOptions;
  const plugins = [...options.plugins, await sharedByAll(options)];
  await build({ ...options, plugins });
}
