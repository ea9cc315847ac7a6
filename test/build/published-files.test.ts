import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundlePackage } from "../../build/bundle.ts";
import { startLocalEndpoint } from "../../lib/local/index.ts";

describe("the published files", () => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-files-"));
  const index = join(directory, "lib/index.js");

  beforeAll(() => bundlePackage(directory));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function scripts(): { path: string; text: string }[] {
    return readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".js"))
      .map((path) => ({ path, text: readFileSync(join(directory, path), "utf8") }));
  }

  /** As code of a program. */
  function urlOf(path: string): string {
    return JSON.stringify(pathToFileURL(join(directory, path)).href);
  }

  function runProgram(program: string) {
    return promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  }

  async function bundled(names: string): Promise<string> {
    const { outputFiles } = await build({
      stdin: { contents: `export { ${names} } from ${JSON.stringify(index)};`, resolveDir: directory },
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["@aws-sdk/*", "@smithy/*"],
      write: false,
    });
    return outputFiles[0]!.text;
  }

  it("are plain ASCII: one other character makes V8 keep a whole file with two bytes for each", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are ASCII as well.
    const others = scripts().filter(({ text }) => /[^\x00-\x7f]/.test(text));
    expect(others.map(({ path }) => path)).toEqual([]);
  });

  it("import no module of Node: that would load what nobody uses of it", () => {
    const importing = scripts().filter(({ text }) => /^import .*"node:/m.test(text));
    expect(importing.map(({ path }) => path)).toEqual([]);
    expect(
      scripts().filter(({ text }) => text.includes('process.getBuiltinModule("node:')).length,
    ).toBeGreaterThan(4);
  });

  it("have one part for client, layers and plug-in: each is two files to load, and `instanceof` holds across them", () => {
    const partsOf = (path: string) => {
      const text = readFileSync(join(directory, path), "utf8");
      return [
        ...new Set([...text.matchAll(/"([./]+chunks\/[^"]+)"/g)].map(([, part = ""]) => basename(part))),
      ];
    };
    const [part] = partsOf("lib/index.js");
    for (const entry of ["lib/index.js", "middleware/index.js", "lib/plugin/index.js"]) {
      expect(partsOf(entry)).toEqual([part]);
    }
    expect(partsOf(`chunks/${part}`)).toEqual([]);
  });

  it("load of Node what a call needs, and nothing that lies behind a lazy export", async () => {
    const program = `
      const before = new Set(process.moduleLoadList);
      const { SageMakerRuntimeClient } = await import(${urlOf("lib/index.js")});
      const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
      new SageMakerRuntimeClient({ region: "eu-west-1", credentials });
      console.log(process.moduleLoadList.filter((name) => !before.has(name)).join());
    `;
    const { stdout } = await runProgram(program);
    const loaded = stdout
      .trim()
      .split(",")
      .map((entry) => entry.replace("NativeModule ", ""));
    expect(loaded).toEqual(expect.arrayContaining(["crypto", "net", "tls"]));
    const unwanted = [
      "http",
      "http2",
      "internal/crypto/webcrypto",
      "internal/deps/undici/undici",
      "internal/util/parse_args/parse_args",
    ];
    expect(loaded.filter((name) => unwanted.includes(name))).toEqual([]);
  });

  it("leave out of a bundle without streams all that reads them", async () => {
    expect(await bundled("SageMakerRuntimeClient, InvokeEndpointWithResponseStreamCommand")).toContain(
      "FrameReader = class",
    );
    const whole = await bundled("SageMakerRuntimeClient, InvokeEndpointCommand");
    expect(whole).toContain("SageMakerRuntimeClient = class");
    expect(whole).not.toContain("FrameReader");
  });

  it("hold what a stack takes that is made by hand", async () => {
    await using endpoint = await startLocalEndpoint();
    const program = `
      const { InvokeEndpointCommand, SageMakerRuntimeClient } = await import(${urlOf("lib/index.js")});
      const layers = await import(${urlOf("middleware/index.js")});
      const credentials = { accessKeyId: "local", secretAccessKey: "local" };
      const endpoint = ${JSON.stringify(endpoint.url)};
      const client = new SageMakerRuntimeClient({ region: "eu-west-1", endpoint, credentials });
      const { middlewareStack, config } = client;
      for (const entry of middlewareStack.identify()) middlewareStack.remove(entry.split(" ")[0]);
      middlewareStack.use(layers.serialize({ url: config.url }));
      middlewareStack.use(layers.retry());
      middlewareStack.use(layers.sign({ region: config.signingRegion, credentials: config.credentials }));
      middlewareStack.use(layers.errorMapper());
      middlewareStack.use(layers.deserialize());
      const answer = await client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2,3" }));
      console.log(answer.Body.transformToString(), answer.$metadata.attempts);
      await client.close();
    `;
    expect((await runProgram(program)).stdout).toBe("1,2,3 1\n");
  });
});
