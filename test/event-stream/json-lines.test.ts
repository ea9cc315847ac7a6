import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidResponseError } from "../../lib/errors/local-errors.ts";
import { JsonLineSplitter } from "../../lib/event-stream/json-lines.ts";
import { bytes, cut, places } from "./bytes.ts";
import { splitAll } from "./split-all.ts";

function split(text: string, at: readonly number[] = []): unknown[] {
  return splitAll(new JsonLineSplitter(1_000_000), cut(bytes(text), at));
}

describe("the JSON Lines splitter", () => {
  it("yields the value of each line, the last one without an end too", () => {
    expect(split('{"a":1}\r\n[2]\n"drei"')).toEqual([{ a: 1 }, [2], "drei"]);
  });

  it("yields null and skips blank lines", () => {
    expect(split("\nnull\n  \n\r\nfalse\n")).toEqual([null, false]);
  });

  it("gives back what was written, for any values and any cutting", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), places, (values, at) => {
        const written = values.map((value) => JSON.stringify(value));
        expect(split(written.join("\n"), at)).toEqual(written.map((line) => JSON.parse(line)));
      }),
    );
  });

  it("refuses a line that is not JSON by its number, and shows nothing of it", () => {
    const readAll = () => split('{"a":1}\n\nsecret words\n');
    expect(readAll).toThrow(new InvalidResponseError("line 3 of the answer is not JSON"));
    try {
      readAll();
    } catch (error) {
      expect((error as Error).cause).toBeUndefined();
    }
  });
});
