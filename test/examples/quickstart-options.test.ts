import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseOptions } from "../../examples/quickstart/options.ts";

describe("the command line of npm start", () => {
  let written: string[] = [];
  beforeEach(() => {
    written = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
    vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => vi.restoreAllMocks());

  it("has a default for every option", () => {
    expect(parseOptions([])).toEqual({ calls: 5000, concurrency: 64, seed: 1, bare: false, stay: false });
  });

  it("takes each option", () => {
    const args = ["--calls", "300", "--concurrency=8", "--seed", "0", "--bare", "--stay"];
    expect(parseOptions(args)).toEqual({ calls: 300, concurrency: 8, seed: 0, bare: true, stay: true });
  });

  it.each([
    [
      ["--calls", "0"],
      "option '--calls <number>' argument '0' is invalid. It must be a whole number from 1 to 10000000.",
    ],
    [
      ["--calls", "many"],
      "option '--calls <number>' argument 'many' is invalid. It must be a whole number from 1 to 10000000.",
    ],
    [
      ["--concurrency", "1.5"],
      "option '--concurrency <number>' argument '1.5' is invalid. It must be a whole number from 1 to 1024.",
    ],
    [
      ["--seed", "-1"],
      "option '--seed <number>' argument '-1' is invalid. It must be a whole number from 0 to 4294967295.",
    ],
    [["--calls"], "option '--calls <number>' argument missing"],
    [["--fast"], "unknown option '--fast'"],
    [["5000"], "too many arguments. Expected 0 arguments but got 1."],
  ])("refuses %j in one line", (args, message) => {
    expect(() => parseOptions(args)).toThrow(expect.objectContaining({ exitCode: 1 }));
    expect(written.join("")).toBe(`error: ${message}\n`);
  });

  it("prints help without an error", () => {
    expect(() => parseOptions(["--help"])).toThrow(expect.objectContaining({ exitCode: 0 }));
    expect(written.join("")).toContain("--concurrency <number>");
  });
});
