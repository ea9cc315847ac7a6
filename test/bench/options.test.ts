import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../bench/errors.ts";
import { parseOptions } from "../../bench/options.ts";
import { FULL_PLAN, QUICK_PLAN } from "../../bench/work.ts";

const KNOWN = ["undici", "aws-sdk", "holdfast"];
const parse = (...argv: string[]) => parseOptions(argv, KNOWN);
const directory = mkdtempSync(join(tmpdir(), "bench-options-"));

describe("bench options", () => {
  it("run every client with the full plan by default", () => {
    expect(parse()).toEqual({ plan: FULL_PLAN, clients: KNOWN, jsonFile: undefined, compareFile: undefined });
  });

  it("take the quick plan, which has at least three rounds", () => {
    expect(parse("--quick")?.plan).toEqual(QUICK_PLAN);
    expect(QUICK_PLAN.rounds).toBeGreaterThanOrEqual(3);
    expect(FULL_PLAN.rounds).toBeGreaterThanOrEqual(5);
  });

  it("take another number of rounds for either plan", () => {
    expect(parse("--quick", "--rounds", "7")?.plan).toEqual({ ...QUICK_PLAN, rounds: 7 });
  });

  it("run the baseline first even when it is not named, and no client twice", () => {
    expect(parse("--clients", "holdfast, aws-sdk,holdfast")?.clients).toEqual([
      "undici",
      "holdfast",
      "aws-sdk",
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
