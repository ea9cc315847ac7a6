import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../bench/errors.ts";
import { readResults, writeResults } from "../../bench/result-file.ts";
import { partResult } from "./support.ts";

const directory = mkdtempSync(join(tmpdir(), "bench-result-"));
const RESULT = partResult({
  curves: [
    {
      client: "a",
      work: "w",
      kind: "overTime",
      metric: "rss",
      points: [
        [0, 1.5e-7],
        [1, -2],
      ],
    },
  ],
});

describe("a result file", () => {
  it("reads back what was written, with the values of a figure on one line", () => {
    const file = join(directory, "result.json");
    writeResults(file, [RESULT, RESULT]);
    expect(readResults(file)).toEqual([RESULT, RESULT]);
    expect(readFileSync(file, "utf8")).toContain('"values": [ 30, 34, 32 ]');
  });

  it("may hold one part alone", () => {
    const file = join(directory, "part.json");
    writeFileSync(file, JSON.stringify(RESULT));
    expect(readResults(file)).toEqual([RESULT]);
  });

  it.each([
    ["no JSON", "{", /not JSON/],
    ["no object", "null", /not a result of format 2/],
    ["no parts", "[]", /no part/],
    ["another format", JSON.stringify({ ...RESULT, format: 1 }), /format/],
    ["no figures", JSON.stringify({ ...RESULT, figures: undefined }), /figures/],
    [
      "a figure without values",
      JSON.stringify({ ...RESULT, figures: [{ ...RESULT.figures[0], values: [] }] }),
      /values/,
    ],
  ])("with %s is refused in one line that names it", (_, content, expected) => {
    const file = join(directory, "bad.json");
    writeFileSync(file, content);
    expect(() => readResults(file)).toThrow(UsageError);
    expect(() => readResults(file)).toThrow(expected);
    expect(() => readResults(file)).toThrow(/^--compare [^\n]*bad\.json[^\n]*$/);
  });
});
