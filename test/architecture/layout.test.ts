import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { packageOf, type SourceFile, sourceFiles } from "./source-files.ts";

const product = sourceFiles("lib", "middleware");

/** The files that put the layers together; everything else in lib/ is the kernel that layers stand on. */
const ASSEMBLY = new Set(["lib/index.ts", "lib/client.ts", "lib/pipeline.ts", "lib/plugin/resilience.ts"]);

function offences(
  files: readonly SourceFile[],
  isOffence: (from: SourceFile, to: string) => boolean,
): string[] {
  return files.flatMap((file) =>
    file.imports.filter((to) => isOffence(file, to)).map((to) => `${file.path} imports ${to}`),
  );
}

describe("imports", () => {
  it("are seen by this test at all", () => {
    const client = product.find(({ path }) => path === "lib/client.ts");
    expect(client?.imports).toContain("lib/call.ts");
    expect(product.length).toBeGreaterThan(50);
  });

  it("run one way: assembly, then layers, then the kernel", () => {
    const kernel = product.filter(({ path }) => path.startsWith("lib/") && !ASSEMBLY.has(path));
    expect(offences(kernel, (_from, to) => to.startsWith("middleware/"))).toEqual([]);
    expect(offences(product, (from, to) => ASSEMBLY.has(to) && from.path.startsWith("middleware/"))).toEqual(
      [],
    );
  });

  it("never lead from one layer to another: they meet on the call", () => {
    const layers = product.filter(
      ({ path }) => path.startsWith("middleware/") && path !== "middleware/index.ts",
    );
    expect(offences(layers, (_from, to) => to.startsWith("middleware/"))).toEqual([]);
  });

  it("keep the client free of the local endpoint, the load test, the command line, the store in Redis and the plug-in", () => {
    const besides = /^lib\/(local|load|cli|redis|plugin)\//;
    const client = product.filter(({ path }) => !besides.test(path));
    expect(offences(client, (_from, to) => besides.test(to))).toEqual([]);
  });

  it("take Smithy's deprecated stack in one file only, and no metrics client at all", () => {
    const users = (name: string) =>
      product.filter(({ packages }) => packages.includes(name)).map(({ path }) => path);
    expect(users("@smithy/middleware-stack")).toEqual(["lib/stack.ts"]);
    expect(users("prom-client")).toEqual([]);
  });

  it("load undici nowhere in the client, which takes only the types of a caller's dispatcher from it", () => {
    const client = product.filter(({ path }) => !/^lib\/(local|cli)\//.test(path));
    const users = client.filter(({ loads }) => loads.some((name) => packageOf(name) === "undici"));
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  it("name the packages that are installed with this one, and no others", () => {
    const used = new Set(
      product
        .flatMap(({ packages }) => packages)
        .filter((specifier) => !specifier.startsWith("node:"))
        .map(packageOf),
    );
    expect([...used].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});

describe("files", () => {
  it("are rooms to live in: at most 250 lines, and of the product half of them under 80", () => {
    const all = [...product, ...sourceFiles("bench", "build", "examples", "test")];
    const tooLarge = all.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines}`);
    expect(tooLarge).toEqual([]);
    const sorted = product.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(80);
  });

  it("of layers are mechanism, at most 120 lines: what they decide with is in lib/", () => {
    const layers = product.filter(({ path }) => path.startsWith("middleware/"));
    const tooLarge = layers.filter(({ lines }) => lines > 120);
    expect(tooLarge.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });
});
