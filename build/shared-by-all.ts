import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

/**
 * Puts all that two or more of the entries share into one file. Splitting makes one for each set of entries that share
 * something, up to four of three, and whoever imports one entry would have to load most of them. So each entry is made to
 * import, for its side effects alone, what any two of them share: then all share it. What is left out of a bundle because
 * nobody uses it is left out all the same.
 *
 * @param options of the build that the plugin is for; its entry points are absolute paths
 */
export async function sharedByAll(options: BuildOptions & { entryPoints: string[] }): Promise<Plugin> {
  const shared = await sharedFiles(options);
  const entries = new Set(options.entryPoints);
  const imports = [...shared].map((path) => `import ${JSON.stringify(path)};`).join("\n");
  return {
    name: "shared-by-all",
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /\.ts$/, namespace: "file" }, async ({ path }) => {
        if (!entries.has(path)) return undefined;
        return { contents: `${await readFile(path, "utf8")}\n${imports}\n`, loader: "ts" };
      });
      // Without side effects, which package.json says that no file has, an import of nothing is dropped.
      onResolve({ filter: /\.ts$/ }, ({ path, resolveDir }) => {
        const file = resolve(resolveDir, path);
        return shared.has(file) ? { path: file, sideEffects: true } : undefined;
      });
    },
  };
}

/** The files of this package that splitting puts into parts. */
async function sharedFiles(options: BuildOptions): Promise<Set<string>> {
  const { metafile } = await build({ ...options, metafile: true, write: false });
  const parts = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint === undefined);
  return new Set(
    parts
      .flatMap(({ inputs }) => Object.keys(inputs))
      .filter((path) => path.endsWith(".ts"))
      .map((path) => resolve(path)),
  );
}
