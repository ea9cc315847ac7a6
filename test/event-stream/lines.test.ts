import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LineEnd, LineSplitter } from "../../lib/event-stream/lines.ts";
import { bytes, cut, places } from "./bytes.ts";
import { splitAll } from "./split-all.ts";

const NO_LIMIT = 1_000_000;

function split(text: string | Uint8Array, lineEnd: LineEnd = "lf", at: readonly number[] = []): string[] {
  const whole = typeof text === "string" ? bytes(text) : text;
  return splitAll(new LineSplitter(NO_LIMIT, lineEnd), cut(whole, at));
}

const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "ü", "😀", " "), maxLength: 40 });

describe("the line splitter", () => {
  it("ends lines at LF and at CRLF", () => {
    expect(split("one\ntwo\r\nthree\n")).toEqual(["one", "two", "three"]);
  });

  it("yields the last line without an end too", () => {
    expect(split("one\ntwo")).toEqual(["one", "two"]);
    expect(split("one\r\ntwo\r")).toEqual(["one", "two"]);
  });

  it("yields blank lines, but none after the last end", () => {
    expect(split("\n\none\n")).toEqual(["", "", "one"]);
    expect(split("")).toEqual([]);
  });

  it("leaves a carriage return inside a line alone, unless any line end counts", () => {
    expect(split("one\rtwo\n", "lf")).toEqual(["one\rtwo"]);
    expect(split("one\rtwo\r\nthree\r\rfour", "any")).toEqual(["one", "two", "three", "", "four"]);
  });

  it("yields a line ended by CR alone before the next byte is there", () => {
    const splitter = new LineSplitter(NO_LIMIT, "any");
    expect([...splitter.push(bytes("one\r"))]).toEqual(["one"]);
    expect([...splitter.push(bytes("\ntwo\n"))]).toEqual(["two"]);
  });

  it("takes an empty part inside a line end for nothing", () => {
    const parts = ["one\r", "", "\ntwo\r\n"].map(bytes);
    expect(splitAll(new LineSplitter(NO_LIMIT, "any"), parts)).toEqual(["one", "two"]);
    expect(splitAll(new LineSplitter(NO_LIMIT, "lf"), parts)).toEqual(["one", "two"]);
  });

  it("drops a byte order mark at the beginning and nowhere else", () => {
    expect(split("\uFEFFone\n\uFEFFtwo")).toEqual(["one", "\uFEFFtwo"]);
  });

  it("shows bytes that are not UTF-8 as U+FFFD", () => {
    expect(split(Uint8Array.of(0x61, 0xff, 0x62))).toEqual(["a\uFFFDb"]);
  });

  it("gives the same lines for any cutting, also inside characters and line ends", () => {
    fc.assert(
      fc.property(text, fc.constantFrom<LineEnd>("lf", "any"), places, (whole, lineEnd, at) => {
        expect(split(whole, lineEnd, at)).toEqual(split(whole, lineEnd));
      }),
      { numRuns: 500 },
    );
  });

  it("gives the lines of the text", () => {
    fc.assert(
      fc.property(text, places, (whole, at) => {
        expect(split(whole, "any", at)).toEqual(linesOf(whole, /\r\n|\n|\r/));
        const trimmed = linesOf(whole, /\n/).map((line) => line.replace(/\r$/, ""));
        expect(split(whole, "lf", at)).toEqual(trimmed);
      }),
      { numRuns: 500 },
    );
  });
});

function linesOf(whole: string, end: RegExp): string[] {
  const lines = whole.split(end);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

describe("the longest line", () => {
  it("is counted without its end, however it is cut", () => {
    for (const end of ["\n", "\r\n", ""]) {
      for (let place = 0; place <= 7; place++) {
        const splitter = new LineSplitter(5, "lf");
        expect(splitAll(splitter, cut(bytes(`12345${end}`), [place]))).toEqual(["12345"]);
      }
    }
  });

  it("is an error that names the line and the limit, after the lines before it, however it is cut", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("\n", "\r\n", ""),
        fc.constantFrom<LineEnd>("lf", "any"),
        places,
        (end, lineEnd, at) => {
          const splitter = new LineSplitter(5, lineEnd);
          const seen: string[] = [];
          const readAll = () => {
            for (const chunk of cut(bytes(`one\n123456${end}`), at)) {
              for (const line of splitter.push(chunk)) seen.push(line);
            }
            for (const line of splitter.flush()) seen.push(line);
          };
          expect(readAll).toThrow("line 2 of the answer must be at most 5 bytes (maxLineBytes)");
          expect(seen).toEqual(["one"]);
        },
      ),
    );
  });

  it("is refused before its end has come", () => {
    const splitter = new LineSplitter(1000, "lf");
    expect(() => {
      for (let at = 0; at < 100; at++) [...splitter.push(new Uint8Array(100))];
    }).toThrow("line 1 of the answer must be at most 1000 bytes");
  });
});
