import { link, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { run } from "./command-line.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-load-"));
});
afterAll(() => rm(directory, { recursive: true }));
beforeEach(() => {
  vi.stubEnv("AWS_REGION", "us-east-1");
  // Where calls go that should have been refused: nobody listens.
  vi.stubEnv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "http://127.0.0.1:9");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
});
afterEach(() => vi.unstubAllEnvs());

describe("a bad command line of load ends with code 2 and one line, before anything is sent:", () => {
  const option = (flag: string, value: string, allowed: string) =>
    `error: option '${flag}' argument '${value}' is invalid. ${allowed}\n`;

  it.each([
    [[], "error: required option '--endpoint-name <name>' not specified\n"],
    [["--endpoint-name", "a", "b"], 'error: holdfast load takes flags only, got "b"\n'],
    [
      ["--endpoint-name", "a_b"],
      'error: --endpoint-name must be 1 to 63 letters, digits and hyphens, beginning and ending with a letter or digit, got "a_b"\n',
    ],
    [
      ["--endpoint-name", "a", "--variant", "-"],
      'error: --variant must be 1 to 63 letters, digits and hyphens, beginning and ending with a letter or digit, got "-"\n',
    ],
    [
      ["--endpoint-name", "a", "--rate", "0"],
      option("--rate <number>", "0", "It must be a number of calls per second from 0.01 to 10000."),
    ],
    [
      ["--endpoint-name", "a", "--duration", "5m"],
      option("--duration <seconds>", "5m", "It must be a number of seconds from 0.1 to 86400."),
    ],
    [
      ["--endpoint-name", "a", "--max-in-flight", "1.5"],
      option("--max-in-flight <number>", "1.5", "It must be a whole number from 1 to 65536."),
    ],
    [
      ["--endpoint-name", "a", "--endpoint", "ftp://127.0.0.1"],
      'error: endpoint must be an http:// or https:// URL without user, query and fragment, got "ftp://127.0.0.1/"\n',
    ],
    [
      ["--endpoint-name", "a", "--body", "x", "--body-file", "y"],
      "error: --body and --body-file are both the payload: give one of them\n",
    ],
    [
      ["--endpoint-name", "a", "--body-file", "no-such-file"],
      "error: --body-file: ENOENT: no such file or directory, open 'no-such-file'\n",
    ],
    [
      ["--endpoint-name", "a", "--json", "no-such-directory/results.json"],
      "error: --json: ENOENT: no such file or directory, open 'no-such-directory/results.json'\n",
    ],
    [
      ["--endpoint-name", "a", "--rate", "0.1", "--duration", "3"],
      "error: no call would be measured at --rate 0.1 for --duration 3: give a --rate of at least 0.34, or a --duration of at least 10\n",
    ],
    [
      ["--endpoint-name", "a", "--endpoint", "https://holdfast.invalid", "--rate", "1000"],
      /^error: this would send 50,000 calls to endpoint a at holdfast\.invalid, more than 1,000, .* add --yes, .*\n$/,
    ],
  ])("%j", async (args, line) => {
    const { code, stdout, stderr } = await run("load", ...args);
    expect([code, stdout]).toEqual([2, ""]);
    if (typeof line === "string") expect(stderr).toBe(line);
    else expect(stderr).toMatch(line);
  });

  it.each([
    ["{", "The file must be JSON"],
    ["[]", "The file must be an object of options, got an array of 0"],
    ['\uFEFF{"retries":3}', /^retries is not an option; known here: region, /],
    [{ retries: 3 }, /^retries is not an option; known here: region, /],
    [
      { timeouts: { atemptMs: 3 } },
      "timeouts.atemptMs is not an option; known here: connectMs, socketMs, attemptMs",
    ],
    [{ timeouts: { attemptMs: -3 } }, /^timeouts\.attemptMs must be a number of milliseconds above 0 /],
    [
      { singleFlight: true },
      "singleFlight must be false or left out: all calls of a load test are identical, and would share invocations",
    ],
    [{ retry: { budget: { ratio: 2 } } }, /^retry\.budget\.ratio must be a number from 0 to 1, got 2$/],
  ])("options in a file %j", async (content, reason) => {
    const path = join(directory, "bad.json");
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
    for (const flag of ["--config", "--compare"]) {
      const { code, stdout, stderr } = await run("load", "--endpoint-name", "a", flag, path);
      expect([code, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
      const prefix = `error: ${flag} ${path}: `;
      expect(stderr.slice(0, prefix.length)).toBe(prefix);
      if (typeof reason === "string") expect(stderr.slice(prefix.length)).toBe(`${reason}\n`);
      else expect(stderr.slice(prefix.length).trim()).toMatch(reason);
    }
  });

  it("a comparison in which one configuration would not be measured", async () => {
    const path = join(directory, "next.json");
    await writeFile(path, "{}");
    const times = ["--rate", "1", "--duration", "1", "--warm-up", "0", "--ramp", "0"];
    const { code, stderr } = await run("load", "--endpoint-name", "a", ...times, "--compare", path);
    expect([code, stderr]).toEqual([
      2,
      "error: no call of next.json would be measured at --rate 1 for --duration 1: give a --rate of at least 12, or a --duration of at least 12\n",
    ]);
  });

  it("results that would overwrite what the run reads, by another name as well", async () => {
    const input = join(directory, "input.json");
    const [linked, hardLinked] = [join(directory, "linked.json"), join(directory, "hard-linked.json")];
    await writeFile(input, "{}");
    await symlink(input, linked);
    await link(input, hardLinked);
    for (const flag of ["--config", "--compare", "--body-file"]) {
      for (const json of [input, linked, hardLinked]) {
        const { code, stderr } = await run("load", "--endpoint-name", "a", flag, input, "--json", json);
        expect([code, stderr]).toEqual([
          2,
          `error: --json ${json} is the file of ${flag}, and would overwrite it: give another one\n`,
        ]);
      }
    }
    expect(await readFile(input, "utf8")).toBe("{}");
  });

  it("a region that nobody gave", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    const { code, stderr } = await run("load", "--endpoint-name", "a");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: region is missing: /)]);
  });

  it("credentials that there are none of", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    const { code, stdout, stderr } = await run("load", "--endpoint-name", "a");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^error: no credentials to sign with: .*\n$/);
  });
});
