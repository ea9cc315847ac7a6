import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FOR_NODE } from "../../build/bundle.ts";
import { installedUndici, undiciClientBuild } from "../../build/undici-client.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** Runs in a process of its own, where only the built file is loaded: prints what came of one request. */
const ONE_REQUEST = `
  const [file, origin, kind] = process.argv.slice(1);
  const { Client } = await import(file);
  const { connect: connectTcp } = await import("node:net");
  const connect = (target, callback) => {
    const socket = connectTcp(Number(target.port), target.hostname);
    if (kind === "offers HTTP/2") socket.alpnProtocol = "h2";
    return socket.once("connect", () => callback(null, socket)).once("error", callback);
  };
  const client = new Client(origin, { connect });
  const body = kind === "a form" ? new FormData() : Buffer.from("hello");
  const result = { status: 0, text: "", error: undefined };
  await new Promise((resolve) => {
    // undici does not catch what it meets once the socket is there.
    process.once("uncaughtException", (error) => { result.error ??= error.message; resolve(); });
    client.dispatch({ path: "/echo", method: "POST", body }, {
      onConnect() {},
      onHeaders(status) { result.status = status; return true; },
      onData(chunk) { result.text += chunk; return true; },
      onComplete: resolve,
      onError(error) { result.error ??= error.message; resolve(); },
    });
  });
  await client.destroy();
  result.builtins = process.moduleLoadList.map((entry) => entry.replace("NativeModule ", ""));
  console.log(JSON.stringify(result));
`;

interface Result {
  readonly status: number;
  readonly text: string;
  readonly error?: string;
  readonly builtins: readonly string[];
}

describe("undici's client as it is published", () => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-undici-"));
  const outfile = join(directory, "undici-client.mjs");
  const server = createServer((request, response) => request.pipe(response));
  let origin = "";

  beforeAll(async () => {
    await build({ ...FOR_NODE, ...undiciClientBuild(), outfile });
    await once(server.listen(0, "127.0.0.1"), "listening");
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function request(kind = "bytes", env: Readonly<Record<string, string>> = {}): Promise<Result> {
    const args = ["--input-type=module", "-e", ONE_REQUEST, pathToFileURL(outfile).href, origin, kind];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
    return JSON.parse(stdout) as Result;
  }

  it.each([
    ["with SIMD", {}],
    ["without SIMD", { UNDICI_NO_WASM_SIMD: "1" }],
  ])("speaks HTTP/1.1 by a parser %s, from one file", async (_title, env) => {
    expect(await request("bytes", env)).toMatchObject({ status: 200, text: "hello" });
  });

  it("loads neither HTTP/2 nor fetch, nor the HTTP of Node", async () => {
    const { builtins } = await request();
    expect(builtins).toContain("net");
    expect(builtins).not.toContain("http2");
    expect(builtins).not.toContain("http");
    expect(readFileSync(outfile, "utf8")).not.toContain("webidl");
  });

  it.each([
    ["offers HTTP/2", "client-h2.js"],
    ["a form", "web/fetch/body.js"],
  ])("names the file that it is built without, where one is needed: %s", async (kind, file) => {
    expect((await request(kind)).error).toMatch(new RegExp(`built without lib/.*${file}`));
  });

  it("is of the version that package-lock.json has, and that NOTICE, README and the file itself name", () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
      packages: Record<string, { version: string }>;
    };
    const { version } = installedUndici();
    expect(packages["node_modules/undici"]?.version).toBe(version);
    expect(readFileSync(join(ROOT, "NOTICE"), "utf8")).toContain(`undici ${version} `);
    expect(readFileSync(join(ROOT, "README.md"), "utf8")).toContain(
      `(https://github.com/nodejs/undici) ${version},`,
    );
    expect(readFileSync(outfile, "utf8")).toContain(`// undici ${version}, MIT`);
  });
});
