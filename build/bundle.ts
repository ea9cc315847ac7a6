import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { UNDICI_CLIENT, undiciClientApart, undiciClientBuild } from "./undici-client.ts";

const ROOT = join(import.meta.dirname, "..");

export const FOR_NODE = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  mainFields: ["module", "main"],
  logLevel: "warning",
} as const satisfies BuildOptions;

/** Entry points that share what they have in common, errors above all: `instanceof` must hold across them. */
const ENTRIES = ["lib/index.ts", "middleware/index.ts", "lib/local/index.ts", "lib/cli/main.ts"];

/** Loaded from where they are installed: only at their first use, or by the command line and the local endpoint alone. */
const INSTALLED = ["@aws-sdk/*", "@smithy/signature-v4", "asciichart", "cli-progress", "commander", "undici"];

/** Writes the published JavaScript: one file per entry point and one per part that several have in common. */
export async function bundlePackage(outdir: string): Promise<void> {
  await Promise.all([
    build({
      ...FOR_NODE,
      entryPoints: ENTRIES.map((path) => join(ROOT, path)),
      outbase: ROOT,
      outdir,
      splitting: true,
      chunkNames: "chunks/[name]-[hash]",
      external: INSTALLED,
      plugins: [undiciClientApart],
      allowOverwrite: true,
    }),
    build({ ...FOR_NODE, ...undiciClientBuild(), outfile: join(outdir, UNDICI_CLIENT) }),
    // By itself: who uses it has a client of Redis, and need not load this package's client for it.
    build({
      ...FOR_NODE,
      entryPoints: [join(ROOT, "lib/redis/index.ts")],
      outfile: join(outdir, "lib/redis/index.js"),
    }),
  ]);
}
