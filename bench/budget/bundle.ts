import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";

/** Left out: an application has one undici for all its clients, and static credentials need no chain. */
const EXTERNAL = ["undici", "@aws-sdk/credential-provider-node"];

/**
 * Bytes of what a backend ships that makes one client and one kind of call: our code and what it is built on, in one
 * minified file.
 *
 * @param build - the compiled package, as it is installed
 */
export async function bundledCoreBytes(build: URL): Promise<number> {
  const { outputFiles } = await bundle({
    stdin: {
      contents: 'export { SageMakerRuntimeClient, InvokeEndpointCommand } from "holdfast";',
      resolveDir: fileURLToPath(build),
    },
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    legalComments: "none",
    external: EXTERNAL,
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]!.contents.byteLength;
}
