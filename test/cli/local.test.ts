import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorOf, invoke } from "../local/support/signed-request.ts";
import { run, start } from "./command-line.ts";

/** Runs `holdfast local` until its block is printed. */
async function startLocal(...args: string[]) {
  const process = start("local", "--port", "0", ...args);
  await Promise.race([expect.poll(process.stdout, { timeout: 20_000 }).toContain("Ctrl+C"), process.ended]);
  const url = /export AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=(.*)/.exec(process.stdout())?.[1] ?? "";
  return { ...process, url };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

let directory: string;
let faults: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-cli-"));
  faults = join(directory, "faults.json");
  const rules = [{ match: { variant: "b" }, fault: { type: "status", status: 503 } }];
  await writeFile(faults, JSON.stringify({ rules }));
});
afterAll(() => rm(directory, { recursive: true }));

describe("holdfast local", () => {
  it("prints where it is and what clients need, serves its variants and faults, and ends on SIGTERM", async () => {
    const local = await startLocal(
      "--variant",
      "a=0.9",
      "--variant",
      "b=0.1",
      "--faults",
      faults,
      "--region",
      "eu-north-1",
    );
    expect(local.stdout()).toBe(
      [
        `SageMaker Runtime is served at ${local.url}`,
        "",
        `  export AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=${local.url}`,
        `  export AWS_ENDPOINT_URL_S3=${local.url}`,
        "  export AWS_REGION=eu-north-1",
        "  export AWS_DEFAULT_REGION=eu-north-1",
        "  export AWS_ACCESS_KEY_ID=local",
        "  export AWS_SECRET_ACCESS_KEY=local",
        "",
        "  Endpoint names: any",
        "  Variant a: 90 % of untargeted calls, echoes",
        "  Variant b: 10 % of untargeted calls, echoes",
        `  Faults: 1 rule from ${faults}, seed 1`,
        `  Statistics: ${local.url}/_holdfast/stats`,
        "",
        "Ctrl+C stops it.",
        "",
      ].join("\n"),
    );
    const ask = (variant: string) =>
      invoke(local.url, { headers: { "x-amzn-sagemaker-target-variant": variant } });
    expect((await ask("a")).status).toBe(200);
    expect(errorOf(await ask("b"))).toMatchObject({ status: 503, code: "ServiceUnavailable" });
    local.child.kill("SIGTERM");
    expect(await local.ended).toMatchObject({ code: 0, stderr: "" });
  });

  it("passes calls on to a container, takes other credentials without printing them, and ends on SIGINT", async () => {
    const container = await startLocal();
    const secret = ["--access-key-id", "me", "--secret-access-key", "hush"];
    const local = await startLocal("--container", `${container.url}/`, "--variant", "only=1", ...secret);
    expect(local.stdout()).toContain(`Variant only: 100 % of untargeted calls, ${container.url}/`);
    expect(local.stdout()).not.toContain("hush");
    const credentials = { accessKeyId: "me", secretAccessKey: "hush" };
    // The other endpoint is a container that answers its ping, and 404 for what it takes as no operation.
    expect(errorOf(await invoke(local.url, { credentials }))).toMatchObject({
      status: 424,
      OriginalStatusCode: 404,
    });
    expect((await invoke(local.url)).status).toBe(403);
    local.child.kill("SIGINT");
    container.child.kill("SIGINT");
    expect([(await local.ended).code, (await container.ended).code]).toEqual([0, 0]);
  });

  it("goes on where nobody reads what it prints", async () => {
    const port = await freePort();
    const { child, ended } = start("local", "--port", String(port));
    child.stdout?.destroy();
    const isUp = () =>
      fetch(`http://127.0.0.1:${port}/ping`).then(
        ({ ok }) => ok,
        () => false,
      );
    await Promise.race([expect.poll(isUp, { timeout: 20_000 }).toBe(true), ended]);
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });

  it("says which port is taken", async () => {
    const first = await startLocal();
    const port = new URL(first.url).port;
    const { code, stdout, stderr } = await start("local", "--port", port).ended;
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      `error: --port ${port} is in use on 127.0.0.1: give a free one, or 0 for any free one\n`,
    );
    first.child.kill("SIGTERM");
    await first.ended;
  });
});

describe("a bad command line ends with code 2 and one line", () => {
  const flag = (option: string, value: string, allowed: string) =>
    `error: option '${option}' argument '${value}' is invalid. ${allowed}\n`;
  const variants = (allowed: string) => `It must be name=weight or name=weight:URL, ${allowed}.`;

  it.each([
    [["local", "--prot", "1"], "error: unknown option '--prot' (Did you mean --port?)\n"],
    [["local", "extra"], 'error: holdfast local takes flags only, got "extra"\n'],
    [["local", "--port"], "error: option '--port <number>' argument missing\n"],
    [
      ["local", "--port", "80x"],
      flag("--port <number>", "80x", "It must be a whole number from 0 to 65535."),
    ],
    [
      ["local", "--seed", "-1"],
      flag("--seed <number>", "-1", "It must be a whole number from 0 to 4294967295."),
    ],
    [
      ["local", "--container", "localhost:80"],
      flag(
        "--container <url>",
        "localhost:80",
        "It must be an http or https URL without query and credentials.",
      ),
    ],
    [
      ["local", "--variant", "a=x"],
      flag(
        "--variant <name=weight[:url]>",
        "a=x",
        variants("the weight a number from 0 to 9007199254740991"),
      ),
    ],
    [
      ["local", "--variant", `a=${"9".repeat(400)}`],
      flag(
        "--variant <name=weight[:url]>",
        `a=${"9".repeat(400)}`,
        variants("the weight a number from 0 to 9007199254740991"),
      ),
    ],
    [
      ["local", "--variant", "a b=1"],
      flag("--variant <name=weight[:url]>", "a b=1", variants("the name of letters, digits, hyphens")),
    ],
    [
      ["local", "--variant", "a=1", "--variant", "a=2"],
      flag("--variant <name=weight[:url]>", "a=2", "It must have a name that no other --variant has."),
    ],
    [["local", "--variant", "a=0"], "error: --variant: at least one weight must be above 0, got 0 for all\n"],
    [
      ["local", "--region", "EU"],
      flag("--region <name>", "EU", "It must be a region's name, such as us-east-1."),
    ],
    // Of a link, not of the machine; and where IPv6 is off, none at all.
    [
      ["local", "--host", "fe80::1"],
      "error: --host fe80::1 is no address of this machine: give one, such as 127.0.0.1\n",
    ],
    [["local", "--access-key-id", ""], flag("--access-key-id <id>", "", "It must not be empty.")],
    [
      ["local", "--faults", "no-such-file.json"],
      flag(
        "--faults <file>",
        "no-such-file.json",
        "ENOENT: no such file or directory, open 'no-such-file.json'",
      ),
    ],
  ])("%j", async (args, line) => {
    expect(await run(...args)).toEqual({ code: 2, stdout: "", stderr: line });
  });

  it.each([
    ["a file", () => faults, "EEXIST"],
    ["below a file", () => join(faults, "store"), "ENOTDIR"],
  ])("a directory for the store that is %s", async (_kind, pathOf, reason) => {
    expect(await run("local", "--port", "0", "--store-directory", pathOf())).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: --store-directory ${pathOf()} is no directory that takes files: ${reason}\n`,
    });
  });

  it("that names no command, with those that there are", async () => {
    const { code, stderr } = await run("lcal");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(
        /^error: unknown command 'lcal' \(Did you mean local\?\); known: .*\blocal\b.*\n$/,
      ),
    ]);
  });

  it.each([
    ["{", /It must be JSON: .*\n$/],
    [
      '{"rules":[{"fault":{"type":"reset","n":1}}]}',
      /rules\[0\]\.fault\.n is not an option; known here: type, afterBytes\n$/,
    ],
  ])("a fault script %j", async (text, line) => {
    const path = join(directory, "bad.json");
    await writeFile(path, text);
    const { code, stderr } = await run("local", "--faults", path);
    expect([code, stderr.split("\n").length]).toEqual([2, 2]);
    expect(stderr).toMatch(line);
  });
});

describe("help", () => {
  it("names the commands, and each command's flags with their defaults and examples", async () => {
    const [top, local] = [await run("--help"), await run("local", "--help")];
    expect([top.code, local.code, top.stderr, local.stderr]).toEqual([0, 0, "", ""]);
    expect(top.stdout).toMatch(/Commands:\n {2}local \[options\]/);
    expect(local.stdout).toMatch(/--variant <name=weight\[:url\]>.*--faults <file>.*Examples:/s);
    expect(local.stdout).toMatch(/--port <number>.*\(default:\s+8080\)/s);
  });

  it("is also what a command line without a command gets, on standard error", async () => {
    const { code, stdout, stderr } = await run();
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: holdfast [options] [command]");
  });
});
