import fc from "fast-check";
import { expect, it } from "vitest";
import { AnswerHeaders } from "../../lib/transport/answer-headers.ts";

function raw(...headers: [string, string][]): Buffer[] {
  return headers.flat().map((text) => Buffer.from(text, "latin1"));
}

const NAME = fc.constantFrom("Date", "date", "x-a", "X-A", "x-b", "__proto__", "constructor", "Content-Type");
/** Short ones of one length too: they are often those of the answer before, or nearly. */
const VALUE = fc.oneof(
  fc.string({ unit: "binary-ascii" }),
  fc.constantFrom("200", "201", "300"),
  fc.constantFrom("a".repeat(100), `${"a".repeat(99)}b`),
);
const HEADER = fc.tuple(NAME, VALUE);

it("reads any answers in turn as each of them alone: names in lower case, repeated headers as one", () => {
  fc.assert(
    fc.property(fc.array(fc.array(HEADER, { maxLength: 5 }), { minLength: 2, maxLength: 6 }), (answers) => {
      const reader = new AnswerHeaders();
      for (const headers of answers) {
        const expected = new Map<string, string>();
        for (const [name, value] of headers) {
          const before = expected.get(name.toLowerCase());
          expected.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
        }
        const read = reader.read(raw(...headers));
        expect(Object.entries(read)).toEqual([...expected]);
        expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
      }
    }),
  );
});

it("reads the values anew where an answer has the names of the one before", () => {
  const reader = new AnswerHeaders();
  const values = ["200", "200", "201", "", "2 and more", `${"long ".repeat(50)}1`, `${"long ".repeat(50)}2`];
  const read = values.map((value) => reader.read(raw(["Date", value], ["X-A", "same"])));
  expect(read).toEqual(values.map((date) => ({ date, "x-a": "same" })));
});

it("makes an object of each answer's own, for a layer may change it", () => {
  const reader = new AnswerHeaders();
  const first = reader.read(raw(["Date", "now"]));
  first["x-added"] = "1";
  expect(reader.read(raw(["Date", "then"]))).toEqual({ date: "then" });
});

it("keeps no packet alive by the names that it remembers", () => {
  const reader = new AnswerHeaders();
  const packet = Buffer.from("Date: now", "latin1");
  reader.read([packet.subarray(0, 4), packet.subarray(6)]);
  packet.fill(0);
  expect(reader.read(raw(["Date", "then"]))).toEqual({ date: "then" });
  packet.write("Etag");
  expect(reader.read([packet.subarray(0, 4), Buffer.from("1")])).toEqual({ etag: "1" });
});

it("keeps what a value was when its packet is overwritten", () => {
  const reader = new AnswerHeaders();
  const packet = Buffer.from("Date: now", "latin1");
  const first = reader.read([packet.subarray(0, 4), packet.subarray(6)]);
  packet.write("new", 6);
  expect([first, reader.read([packet.subarray(0, 4), packet.subarray(6)])]).toEqual([
    { date: "now" },
    { date: "new" },
  ]);
});

it("reads values byte by byte, as HTTP has them", () => {
  expect(new AnswerHeaders().read([Buffer.from("x-a"), Buffer.from([0xe9, 0x20, 0xff])])).toEqual({
    "x-a": "\u00e9 \u00ff",
  });
});
