import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ServerSentEvent, SseSplitter } from "../../lib/event-stream/sse.ts";
import { bytes, cut, places } from "./bytes.ts";
import { splitAll } from "./split-all.ts";

function split(text: string, at: readonly number[] = []): ServerSentEvent[] {
  return splitAll(new SseSplitter(1_000_000), cut(bytes(text), at));
}

function dataOf(text: string): string[] {
  return split(text).map((event) => event.data);
}

describe("the splitter of server-sent events", () => {
  it("yields an event at its blank line", () => {
    const splitter = new SseSplitter(1000);
    expect([...splitter.push(bytes("data: hello\n"))]).toEqual([]);
    expect([...splitter.push(bytes("\n"))]).toEqual([
      { event: "message", data: "hello", id: "", retry: undefined },
    ]);
  });

  it("joins the data lines of an event by line feeds", () => {
    expect(dataOf("data: YHOO\ndata: +2\ndata: 10\n\n")).toEqual(["YHOO\n+2\n10"]);
  });

  it("reads the standard's example of comments and ids", () => {
    const stream =
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n";
    expect(split(stream)).toEqual([
      { event: "message", data: "first event", id: "1", retry: undefined },
      { event: "message", data: "second event", id: "", retry: undefined },
      { event: "message", data: " third event", id: "", retry: undefined },
    ]);
  });

  it("reads the standard's example of empty data", () => {
    expect(dataOf("data\n\ndata\ndata\n\ndata:\n\n")).toEqual(["", "\n", ""]);
  });

  it("takes one space after the colon and no more", () => {
    expect(dataOf("data:test\n\ndata: test\n\ndata:  test\n\n")).toEqual(["test", "test", " test"]);
  });

  it("names an event for itself alone", () => {
    const events = split("event: token\ndata: a\n\ndata: b\n\nevent: lost\n\ndata: c\n\n");
    expect(events.map(({ event }) => event)).toEqual(["token", "message", "message"]);
  });

  it("keeps the id and the reconnection time for the events that follow", () => {
    const events = split("id: 7\nretry: 3000\n\ndata: a\n\ndata: b\n\n");
    expect(events).toEqual([
      { event: "message", data: "a", id: "7", retry: 3000 },
      { event: "message", data: "b", id: "7", retry: 3000 },
    ]);
  });

  it("ignores an id with a NUL, a reconnection time that is no number, and unknown fields", () => {
    const [event] = split(
      "id: 1\nid: a\0b\nretry: 1.5\nretry: -1\nunknown: x\nDATA: x\n data: x\ndata: a\n\n",
    );
    expect(event).toEqual({ event: "message", data: "a", id: "1", retry: undefined });
  });

  it("knows every line end, and a byte order mark at the beginning", () => {
    expect(dataOf("\uFEFFdata: a\r\rdata: b\r\n\r\ndata: c\n\n")).toEqual(["a", "b", "c"]);
  });

  it("yields the last event without its blank line, and without its line end", () => {
    expect(dataOf("data: a\n\ndata: [DONE]\n")).toEqual(["a", "[DONE]"]);
    expect(dataOf("data: a\n\ndata: [DONE]")).toEqual(["a", "[DONE]"]);
  });

  it("gives the same events for any cutting", () => {
    const piece = fc.constantFrom(
      "data",
      "event",
      "id",
      "retry",
      ":",
      " ",
      "5",
      "ü",
      "😀",
      "\n",
      "\r",
      "\r\n",
      "\n\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), places, (pieces, at) => {
        const stream = pieces.join("");
        expect(split(stream, at)).toEqual(split(stream));
      }),
      { numRuns: 500 },
    );
  });

  it("gives back the data that was written", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), places, (written, at) => {
        const texts = written.map((text) => text.replace(/\r/g, ""));
        const stream = texts.map(
          (text) =>
            `${text
              .split("\n")
              .map((line) => `data: ${line}\n`)
              .join("")}\n`,
        );
        expect(split(stream.join(""), at).map((event) => event.data)).toEqual(texts);
      }),
    );
  });

  it("refuses an event whose data lines grow without end", () => {
    const splitter = new SseSplitter(12);
    const [longest] = splitter.push(bytes("data: 123456\ndata: 12345\n\n"));
    expect(longest?.data).toBe("123456\n12345");
    expect(() => splitAll(splitter, [bytes("data: 123456\ndata: 123456\n\n")])).toThrow(
      "data of the event at line 5 must be at most 12 characters (maxLineBytes)",
    );
  });
});
