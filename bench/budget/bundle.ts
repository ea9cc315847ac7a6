import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..", "..");

/** Left out: an application has one undici for all its clients, and static credentials need no chain. */
const EXTERNAL = ["undici", "@aws-sdk/credential-provider-node"];

/** Bytes of the package with what it is built on in one minified file, as an application's bundler makes it. */
export async function bundledCoreBytes(): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "lib", "index.ts")],
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: EXTERNAL,
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.contents.byteLength;
}
