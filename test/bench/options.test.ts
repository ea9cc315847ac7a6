import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../bench/errors.ts";
import { commandOf, parseOptions } from "../../bench/options.ts";
import type { Part } from "../../bench/part.ts";

const PEERS = ["undici", "aws-sdk", "holdfast"];
const part = (name: string, clients: string[], quickClients: string[]): Part => ({
  name,
  title: "",
  clients,
  quickClients,
  estimateSeconds: () => 1,
  measure: () => Promise.reject(new Error("not run")),
});
const PARTS = [
  part("loop", ["undici", "holdfast", "aws-sdk"], ["undici", "holdfast"]),
  part("open", ["undici", "holdfast"], []),
  part("size", ["holdfast", "aws-sdk"], ["holdfast", "aws-sdk"]),
];
const parse = (...argv: string[]) => parseOptions(argv, PARTS, PEERS);
const chosen = (...argv: string[]) =>
  parse(...argv)?.parts.map(({ part: { name }, clients }) => `${name}: ${clients.join(" ")}`);
const directory = mkdtempSync(join(tmpdir(), "bench-options-"));

describe("bench options", () => {
  it("run every part with all of its clients by default, and five rounds", () => {
    expect(chosen()).toEqual([
      "loop: undici holdfast aws-sdk",
      "open: undici holdfast",
      "size: holdfast aws-sdk",
    ]);
    expect(parse()?.parts.map(({ rounds }) => rounds)).toEqual([5, 5, 5]);
    expect(parse()).toMatchObject({
      isQuick: false,
      soakMinutes: 30,
      isSaved: false,
      jsonFile: undefined,
      compareFile: undefined,
    });
  });

  it("run the quick parts with few clients and three rounds", () => {
    expect(chosen("--quick")).toEqual(["loop: undici holdfast", "size: holdfast aws-sdk"]);
    expect(parse("--quick")).toMatchObject({ isQuick: true, parts: [{ rounds: 3 }, { rounds: 3 }] });
  });

  it("run any part quickly that is named", () => {
    expect(chosen("--quick", "--parts", "open,loop")).toEqual([
      "loop: undici holdfast",
      "open: undici holdfast",
    ]);
  });

  it("take another number of rounds, and another length and rate of the soak", () => {
    expect(parse("--quick", "--rounds", "7", "--soak-minutes", "2", "--soak-rate", "50")).toMatchObject({
      parts: [{ rounds: 7 }, { rounds: 7 }],
      soakMinutes: 2,
      soakRatePerSecond: 50,
    });
  });

  it("run the faults alone, in their own number of rounds", () => {
    const faults = { ...part("faults", ["holdfast"], []), usualRounds: { full: 2, quick: 1 } };
    const parseWith = (...argv: string[]) => parseOptions(argv, [...PARTS, faults], PEERS);
    expect(parseWith("--faults")?.parts).toEqual([{ part: faults, clients: ["holdfast"], rounds: 2 }]);
    expect(parseWith("--faults", "--quick")?.parts).toMatchObject([{ rounds: 1 }]);
    expect(() => parseWith("--faults", "--parts", "loop")).toThrow(/--faults.*cannot be used with.*--parts/);
  });

  it("run the baseline where it makes sense even when it is not named", () => {
    expect(chosen("--clients", "aws-sdk, aws-sdk")).toEqual(["loop: undici aws-sdk", "size: aws-sdk"]);
  });

  it("take clients that a quick run leaves out", () => {
    expect(chosen("--quick", "--parts", "loop", "--clients", "aws-sdk")).toEqual(["loop: undici aws-sdk"]);
  });

  it("refuse a named part that has nothing to ask the named clients", () => {
    expect(() => parse("--parts", "size", "--clients", "undici")).toThrow(
      "--parts size measures none of --clients undici; it measures holdfast, aws-sdk",
    );
  });

  it("name the command that measures a part again", () => {
    const commands = (...argv: string[]) => {
      const options = parse(...argv)!;
      return options.parts.map((choice) => commandOf(choice, options));
    };
    expect(commands("--save", "--parts", "loop")).toEqual(["npm run bench -- --parts loop"]);
    expect(commands("--quick", "--rounds", "7", "--parts", "loop", "--clients", "aws-sdk")).toEqual([
      "npm run bench -- --quick --parts loop --clients undici,aws-sdk --rounds 7",
    ]);
  });

  it("take files that can be read and written", () => {
    const file = join(directory, "earlier.json");
    writeFileSync(file, "{}");
    expect(parse("--compare", file, "--json", join(directory, "new.json"))).toMatchObject({
      compareFile: file,
      jsonFile: join(directory, "new.json"),
    });
  });

  it.each([
    [["--rounds", "0"], /--rounds.*'0'.*whole number from 1 to 100/],
    [["--rounds", "2.5"], /--rounds.*'2\.5'.*whole number/],
    [["--rounds", "101"], /--rounds.*'101'.*whole number/],
    [["--clients", "undici,axios"], /--clients.*"axios" is no client; there are undici, aws-sdk, holdfast/],
    [["--clients", ""], /--clients.*"" is no client/],
    [["--parts", "loop,soup"], /--parts.*"soup" is no part; there are loop, open, size/],
    [["--soak-minutes", "0"], /--soak-minutes.*'0'.*whole number from 1 to 1440/],
    [["--soak-rate", "0"], /--soak-rate.*'0'.*whole number from 1 to 10000/],
    [["--json", "no-such-directory/result.json"], /--json.*directory must exist/],
    [["--json", directory], /--json.*not a directory/],
    [["--compare", "no-such-file.json"], /--compare.*existing file/],
    [["--compare", directory], /--compare.*existing file/],
    [["--json"], /--json.*argument missing/],
    [["--qiuck"], /unknown option '--qiuck'/],
    [["extra"], /too many arguments/],
  ])("refuse %j in one line", (argv, expected) => {
    const refuse = () => parse(...argv);
    expect(refuse).toThrow(UsageError);
    expect(refuse).toThrow(expected);
    expect(refuse).toThrow(/^[^\n]+$/);
  });

  it("end the process with one line on stderr and exit code 2", async () => {
    const main = join(import.meta.dirname, "../../bench/main.ts");
    const run = promisify(execFile)(process.execPath, ["--import", "tsx", main, "--rounds", "none"]);
    await expect(run).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^bench: [^\n]*--rounds[^\n]*\n$/),
    });
  });
});
