import type { Plugin } from "esbuild";

/**
 * Takes the built-in modules of Node from `process.getBuiltinModule` in place of `import`. An import makes a module of
 * all that there is, and so evaluates what Node would load at its first use: for `node:crypto` that is WebCrypto, for
 * `node:util` a parser of arguments, for `node:http` of Node 22 and up a whole WebSocket client. It was a twelfth of
 * the time that it took to import this package.
 *
 * In CommonJS it stands for `require`, which an ES module has not, and whose stand-ins do not survive the bundlers of
 * users.
 */
export const builtinsAsTheyAre: Plugin = {
  name: "builtins-as-they-are",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ kind, path }) => {
      if (kind === "import-statement") return { path, namespace: "builtin", sideEffects: false };
      return kind === "require-call" ? { path, namespace: "required-builtin" } : undefined;
    });
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({ contents: exportsOf(path) }));
    onLoad({ filter: /.*/, namespace: "required-builtin" }, ({ path }) => ({
      contents: `module.exports = ${taken(path)};`,
    }));
  },
};

/** Of the exports only those stay that somebody imports: each of the others is a pure call that nobody needs. */
function exportsOf(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter((name) => name !== "default");
  return [
    `const builtin = /* @__PURE__ */ ${taken(path)};`,
    "const take = (name) => builtin[name];",
    ...names.map((name) => `export const ${name} = /* @__PURE__ */ take("${name}");`),
    "export default builtin;",
  ].join("\n");
}

function taken(path: string): string {
  return `process.getBuiltinModule(${JSON.stringify(path)})`;
}
