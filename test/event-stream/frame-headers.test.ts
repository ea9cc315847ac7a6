import { EventStreamCodec, Int64 } from "@smithy/core/event-streams";
import type { MessageHeaders, MessageHeaderValue } from "@smithy/types";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HeaderValue } from "../../lib/event-stream/frame-headers.ts";
import { FrameReader } from "../../lib/event-stream/frame-reader.ts";
import { cut, fromHex, hex, places } from "./bytes.ts";
import { rawFrame } from "./raw-frame.ts";

const official = new EventStreamCodec(
  (input) => (typeof input === "string" ? input : Buffer.from(input).toString("utf8")),
  (input) => Uint8Array.from(Buffer.from(input, "utf8")),
);

/** Headers of the frame with this header block. */
function decode(headerBlock: string): Map<string, HeaderValue> {
  const [frame] = new FrameReader().push(rawFrame(fromHex(headerBlock)));
  return new Map(frame!.headers);
}

/** What our reader must give for a header of the official codec. */
function expected(header: MessageHeaderValue): unknown {
  if (header.type === "long") return BigInt.asIntN(64, BigInt(`0x${hex(header.value.bytes)}`));
  if (header.type === "timestamp") return header.value.getTime();
  return header.type === "binary" ? hex(header.value) : header.value;
}

function shown(value: HeaderValue | undefined): unknown {
  if (value instanceof Date) return value.getTime();
  return value instanceof Uint8Array ? hex(value) : value;
}

const header: fc.Arbitrary<MessageHeaderValue> = fc.oneof(
  fc.record({ type: fc.constant("boolean" as const), value: fc.boolean() }),
  fc.record({ type: fc.constant("byte" as const), value: fc.integer({ min: -128, max: 127 }) }),
  fc.record({ type: fc.constant("short" as const), value: fc.integer({ min: -32_768, max: 32_767 }) }),
  fc.record({ type: fc.constant("integer" as const), value: fc.integer() }),
  fc.record({
    type: fc.constant("long" as const),
    value: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((value) => new Int64(value)),
  }),
  fc.record({ type: fc.constant("binary" as const), value: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ type: fc.constant("string" as const), value: fc.string({ unit: "binary", maxLength: 300 }) }),
  fc.record({ type: fc.constant("timestamp" as const), value: fc.date({ noInvalidDate: true }) }),
  fc.record({ type: fc.constant("uuid" as const), value: fc.uuid() }),
);

const name = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });

describe("the headers of a frame", () => {
  it("are what the official codec wrote, for every type, any name and any cutting", () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, header),
        fc.uint8Array(),
        places,
        (headers: MessageHeaders, body, at) => {
          const reader = new FrameReader();
          const frames = cut(official.encode({ headers, body }), at).flatMap((chunk) => [
            ...reader.push(chunk),
          ]);
          reader.finish();
          expect(frames).toHaveLength(1);
          const [frame] = frames;
          expect(hex(frame!.payload)).toBe(hex(body));
          const decoded = [...frame!.headers].map(([key, value]) => [key, shown(value)]);
          expect(decoded).toEqual(Object.entries(headers).map(([key, value]) => [key, expected(value)]));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are read anew when they change between frames of the same header length", () => {
    const reader = new FrameReader();
    const [first] = reader.push(rawFrame(fromHex("016107000178")));
    const [second] = reader.push(rawFrame(fromHex("016107000179")));
    expect([first!.headers.get("a"), second!.headers.get("a")]).toEqual(["x", "y"]);
  });

  it("may be named like a member of every object", () => {
    expect(decode("095f5f70726f746f5f5f00").get("__proto__")).toBe(true);
  });

  it.each([
    ["a name that goes past the block", "0561", "headers are cut off: 5 bytes must follow, got 1"],
    ["no type", "0161", "headers are cut off: 1 bytes must follow, got 0"],
    ["a value that goes past the block", "016107000578", "headers are cut off: 5 bytes must follow, got 1"],
    ["a number that is cut off", "01610400", "headers are cut off: 4 bytes must follow, got 1"],
    ["an empty name", "0000", "a header has an empty name"],
    ["an unknown type", "01610a", 'type of header "a" must be 0 to 9, got 10'],
    ["the same name twice", "016100016101", 'header "a" is there twice'],
    ["a name that is not UTF-8", "01ff00", "a header is not UTF-8"],
    ["a text that is not UTF-8", "0161070001ff", "a header is not UTF-8"],
    [
      "a timestamp that no date has",
      "0161087fffffffffffffff",
      'header "a" is no date: 9223372036854775807 ms from the epoch',
    ],
  ])("are refused with %s", (_, block, problem) => {
    expect(() => decode(block)).toThrow(`event-stream frame at byte 0: ${problem}`);
  });

  it("never fail but by an error of ours, whatever the block holds", () => {
    // Bytes of chance alone end at the first name, which they hardly ever have.
    const header = fc
      .tuple(
        fc.constantFrom("a", "b", "\xff"),
        fc.integer({ min: 0, max: 10 }),
        fc.uint8Array({ maxLength: 20 }),
      )
      .map(([name, type, rest]) => [1, name.charCodeAt(0), type, ...rest]);
    const counts = { decoded: 0, refused: 0 };
    const blocks = fc.oneof(fc.array(header, { maxLength: 3 }), fc.array(fc.uint8Array({ maxLength: 60 })));
    fc.assert(
      fc.property(blocks, (parts) => {
        try {
          decode(hex(Uint8Array.from(parts.flatMap((part) => [...part]))));
          counts.decoded++;
        } catch (error) {
          counts.refused++;
          expect((error as Error).name).toBe("InvalidResponseError");
        }
      }),
      { numRuns: 2_000 },
    );
    expect(counts.decoded).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(100);
  });
});
