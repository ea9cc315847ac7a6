import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { builtinsAsTheyAre } from "./builtins.ts";

const ROOT = join(import.meta.dirname, "..");
const SOURCE = "lib/transport/undici.ts";

/** The published file, from the folder of the output. */
export const UNDICI_CLIENT = "chunks/undici-client.js";

/**
 * Files of undici's client that this client never gets to, and why not. One that is reached all the same says so,
 * in place of a failure that nobody understands.
 */
const LEFT_OUT: Readonly<Record<string, string>> = {
  // It loads node:http2 at once. A connector offers the protocols, and ours offers HTTP/1.1.
  "lib/dispatcher/client-h2.js": "module.exports = function connectH2() { throw new Error(MESSAGE); };",
  // It loads fetch for bodies that are forms, Blobs or iterables. Ours are bytes.
  "lib/web/fetch/body.js": "exports.extractBody = function extractBody() { throw new Error(MESSAGE); };",
};

/** What undici takes of `node:http`, which is a dozen modules: a default that our connections do not go by. */
const HTTP_OF_NODE = "module.exports = { maxHeaderSize: 16_384 };";

/**
 * undici's client of one connection as one file that stands for {@link SOURCE}. Its 19 CommonJS files and what they
 * load of Node were more than half of the time that it took to import this package, and they are no part of what
 * undici exports: a later version may move them.
 *
 * The licence is in NOTICE. The version is that of package-lock.json; NOTICE names it and a test compares the two.
 */
export function undiciClientBuild(): BuildOptions {
  return {
    entryPoints: [join(ROOT, SOURCE)],
    bundle: true,
    plugins: [withoutTheUnused, builtinsAsTheyAre],
    banner: { js: `// undici ${installedUndici().version}, MIT: see NOTICE` },
  };
}

/** For the build of everything else: leaves {@link SOURCE} to its own file. */
export const undiciClientApart: Plugin = {
  name: "undici-client-apart",
  setup({ onResolve }) {
    // Right from every folder that is one below the output's own, which are those of chunks and of the main entries.
    onResolve({ filter: /\/undici\.ts$/ }, () => ({ path: `../${UNDICI_CLIENT}`, external: true }));
  },
};

/** The manifest of the version that a build takes in. */
export function installedUndici(): { readonly version: string } {
  const path = createRequire(import.meta.url).resolve("undici/package.json");
  return JSON.parse(readFileSync(path, "utf8")) as { version: string };
}

const withoutTheUnused: Plugin = {
  name: "without-the-unused",
  setup({ onLoad }) {
    onLoad({ filter: /^node:http$/, namespace: "required-builtin" }, () => ({ contents: HTTP_OF_NODE }));
    onLoad({ filter: /[\\/]node_modules[\\/]undici[\\/]/ }, ({ path }) => {
      const name = path.replaceAll("\\", "/").replace(/^.*\/node_modules\/undici\//, "");
      const contents = LEFT_OUT[name];
      const message = JSON.stringify(`holdfast is built without ${name} of undici`);
      return contents === undefined ? undefined : { contents: contents.replace("MESSAGE", message) };
    });
  },
};
