import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerHeaders } from "../../lib/transport/answer-headers.ts";

type Header = readonly [name: string, value: string];

const headOf = (headers: readonly Header[]) =>
  headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");

const read = (reader: AnswerHeaders, ...headers: Header[]) => reader.read(`ahead${headOf(headers)}`, 5);

const NAME = fc.constantFrom("Date", "date", "x-a", "X-A", "x-b", "__proto__", "constructor", "Content-Type");
/** Short ones of one length too: they are often those of the answer before, or nearly. */
const VALUE = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) }),
  fc.constantFrom("200", "201", "300", "two words", "\xfc\xa0"),
  fc.constantFrom("a".repeat(100), `${"a".repeat(99)}b`),
);
const HEADER = fc.tuple(NAME, VALUE);

describe("the headers of an answer", () => {
  it("are read after any others as they are alone: names in lower case, repeated headers as one", () => {
    fc.assert(
      fc.property(fc.array(fc.array(HEADER, { maxLength: 5 }), { minLength: 2, maxLength: 6 }), (answers) => {
        const reader = new AnswerHeaders();
        for (const headers of answers) {
          const expected = new Map<string, string>();
          for (const [name, value] of headers) {
            const before = expected.get(name.toLowerCase());
            expected.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
          }
          const headersRead = read(reader, ...headers);
          expect(Object.entries(headersRead)).toEqual([...expected]);
          expect(Object.getPrototypeOf(headersRead)).toBe(Object.prototype);
        }
      }),
    );
  });

  it("are read anew where an answer has the names of the one before", () => {
    const reader = new AnswerHeaders();
    const values = [
      "200",
      "200",
      "201",
      "",
      "2 and more",
      `${"long ".repeat(50)}1`,
      `${"long ".repeat(50)}2`,
    ];
    const all = values.map((value) => read(reader, ["Date", value], ["X-A", "same"]));
    expect(all).toEqual(values.map((date) => ({ date, "x-a": "same" })));
  });

  it("are an object of that answer's own, for a layer may change it", () => {
    const reader = new AnswerHeaders();
    const first = read(reader, ["Date", "now"]);
    first["x-added"] = "1";
    expect(read(reader, ["Date", "then"])).toEqual({ date: "then" });
  });

  it("lose the spaces and tabs around their values, and nothing else", () => {
    const padded = "a:1\r\nb: \t 2 \t\r\nc:\r\nd: \t\r\ne: \xa03\xa0\r\n";
    expect(new AnswerHeaders().read(padded, 0)).toEqual({ a: "1", b: "2", c: "", d: "", e: "\xa03\xa0" });
  });

  it.each([
    ["no colon", "x-a\r\n", "has no name"],
    ["a colon on the next line only", "x-a\r\nx-b: 1\r\n", "has no name"],
    ["no name", ": 1\r\n", "the name of a header"],
    ["a space ahead of the colon", "x-a : 1\r\n", "the name of a header"],
    ["a space in the name", "x a: 1\r\n", "the name of a header"],
    ["a folded line", " x-a: 1\r\n", "the name of a header"],
    ["a carriage return in the value", "x-a: 1\r2\r\n", "the value of a header"],
    ["a line feed in the value", "x-a: 1\n2\r\n", "the value of a header"],
    ["a null in the value", "x-a: \0\r\n", "the value of a header"],
  ])("are refused for %s, by words that say so and show none of it", (_, lines, reason) => {
    const reader = new AnswerHeaders();
    read(reader, ["x-a", "1"]);
    expect(() => reader.read(lines, 0)).toThrow(
      expect.objectContaining({ name: "AnswerSyntaxError", message: expect.stringContaining(reason) }),
    );
    expect(() => reader.read(lines, 0)).not.toThrow("x-a");
    expect(read(reader, ["x-b", "2"])).toEqual({ "x-b": "2" });
  });
});
