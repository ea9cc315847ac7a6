import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build as bundle } from "esbuild";
import { measuredFigure } from "../figures.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import type { Figure } from "../result.ts";

/**
 * What both clients are measured with and without. They are loaded only where they are needed, which most processes never
 * do: the chain that finds credentials, and the signer of requests that our own was not made for.
 */
export const OUTSIDE_OF_CORE: readonly string[] = [
  "@aws-sdk/credential-provider-node",
  "@smithy/signature-v4",
];

const WORKS = [
  { work: "bundled and minified", external: [] as readonly string[] },
  { work: "core, bundled and minified", external: OUTSIDE_OF_CORE },
];

const SPECIFIERS: Readonly<Record<string, string>> = {
  holdfast: "holdfast",
  "aws-sdk": "@aws-sdk/client-sagemaker-runtime",
};

export interface BundleSize {
  readonly bytes: number;
  readonly gzipBytes: number;
}

export const bundling: Part = {
  name: "bundle",
  title: "size of a bundle with the client and one command",
  clients: Object.keys(SPECIFIERS),
  quickClients: Object.keys(SPECIFIERS),
  estimateSeconds: ({ clients }) => WORKS.length * clients.length,
  measure,
};

/** Sizes do not vary, so there is one value whatever the number of rounds. */
export async function measure({ clients, build, onProgress }: PartRun): Promise<Measured> {
  const figures: Figure[] = [];
  for (const [index, { work, external }] of WORKS.entries()) {
    for (const name of clients) {
      onProgress(index, WORKS.length, name);
      const { bytes, gzipBytes } = await bundleSize(SPECIFIERS[name]!, external, build);
      figures.push(
        ...measuredFigure(name, work, "bundle", [bytes]),
        ...measuredFigure(name, work, "bundleGzip", [gzipBytes]),
      );
    }
  }
  return {
    figures,
    curves: [],
    clients: Object.fromEntries(clients.map((name) => [name, describe(name)])),
    packages: [...clients.map((name) => SPECIFIERS[name]!), "esbuild"],
    doubts: [],
  };
}

/** The size of what a backend ships that makes one client and one kind of call. */
export async function bundleSize(
  specifier: string,
  external: readonly string[],
  build: URL,
): Promise<BundleSize> {
  const { outputFiles } = await bundle({
    stdin: {
      contents: `export { SageMakerRuntimeClient, InvokeEndpointCommand } from "${specifier}";`,
      resolveDir: fileURLToPath(build),
    },
    external: [...external],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    legalComments: "none",
    logLevel: "error",
    // All in one file: what is imported lazily is shipped as well.
    splitting: false,
    write: false,
  });
  const { contents } = outputFiles[0]!;
  return { bytes: contents.byteLength, gzipBytes: gzipSync(contents, { level: 9 }).byteLength };
}

function describe(name: string): string {
  return (
    `export { SageMakerRuntimeClient, InvokeEndpointCommand } from "${SPECIFIERS[name]}" by esbuild for Node as one ` +
    `minified file; of the core, the credential chain and signature-v4 are left out (external) and everything else is in`
  );
}
