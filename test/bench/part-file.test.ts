import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../bench/errors.ts";
import { readPart, readParts, writePart } from "../../bench/part-file.ts";
import { figure, openLoopPart, partResult, soakPart } from "./part-results.ts";

const newDirectory = () => mkdtempSync(join(tmpdir(), "bench-parts-"));

describe("the result of a part", () => {
  it("is read back as it was written, from a file named after the part", () => {
    const directory = join(newDirectory(), "raw");
    const file = writePart(directory, soakPart());
    expect(file).toBe(join(directory, "soak.json"));
    expect(readPart(file)).toEqual(soakPart());
  });

  it("has the values of a figure on one line, so that a change can be read", () => {
    const file = writePart(
      newDirectory(),
      partResult({ figures: [figure("undici", "work", "CPU", 1, 2.5)] }),
    );
    expect(readFileSync(file, "utf8")).toContain('"values": [ 1, 2.5 ]');
  });

  it("is one of all those in a directory, which are read by name", () => {
    const directory = newDirectory();
    for (const part of [soakPart(), partResult(), openLoopPart()]) writePart(directory, part);
    expect(readParts(directory).map(({ part }) => part)).toEqual(["closed-loop", "open-loop", "soak"]);
  });
});

describe("a directory of results", () => {
  it("holds none where it is empty or does not exist", () => {
    const directory = newDirectory();
    expect(readParts(directory)).toEqual([]);
    expect(readParts(join(directory, "raw"))).toEqual([]);
  });

  it("is refused with a file that is not named after its part", () => {
    const directory = newDirectory();
    writeFileSync(join(directory, "tls.json"), JSON.stringify(partResult()));
    expect(() => readParts(directory)).toThrow(
      /tls\.json": it holds the part closed-loop, which belongs into closed-loop\.json$/,
    );
  });
});

describe("a file that holds no result", () => {
  const good = partResult();
  const measured = good.figures[0]!;

  it.each([
    ["no JSON", "{", "not JSON"],
    ["no object", "null", "not a result of format 2"],
    ["another format", JSON.stringify({ ...good, format: 1 }), "not a result of format 2"],
    [
      "no revision",
      JSON.stringify({ ...good, revision: undefined }),
      "the result must have required property 'revision'",
    ],
    ["no figures", JSON.stringify({ ...good, figures: 3 }), "figures must be array"],
    [
      "a figure without values",
      JSON.stringify({ ...good, figures: [measured, { ...measured, values: [] }] }),
      "figures[1].values must NOT have fewer than 1 items",
    ],
    [
      "a value that is none",
      JSON.stringify({ ...good, figures: [{ ...measured, values: [1, null] }] }),
      "figures[0].values[1] must be number",
    ],
    [
      "a metric that is not in the catalogue",
      JSON.stringify({ ...good, figures: [{ ...measured, metric: "speed" }] }),
      "figures[0].metric must be equal to one of the allowed values: CPU, ",
    ],
    [
      "the same figure twice",
      JSON.stringify({ ...good, figures: [measured, measured] }),
      'figures[1] repeats CPU of aws-sdk at "1 KB, 64 in flight"',
    ],
  ])("is refused in one line that names it: %s", (_, content, reason) => {
    const file = join(newDirectory(), "bad.json");
    writeFileSync(file, content);
    expect(() => readPart(file)).toThrow(UsageError);
    expect(() => readPart(file)).toThrow(/^expected a result [^\n]*bad\.json": [^\n]*$/);
    expect(() => readPart(file)).toThrow(reason);
  });

  it("is refused where it cannot be read", () => {
    const directory = join(newDirectory(), "folder.json");
    mkdirSync(directory);
    expect(() => readPart(directory)).toThrow('folder.json": it cannot be read');
  });
});
