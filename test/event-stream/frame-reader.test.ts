import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidResponseError } from "../../lib/errors/local-errors.ts";
import { encodeFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { type Frame, FrameReader } from "../../lib/event-stream/frame-reader.ts";
import { bytes, concat, cut, fromHex, hex, places } from "./bytes.ts";
import { EMPTY_FRAME, HELLO_FRAME, SIGNED_END_FRAME, STREAM_BROKEN_FRAME } from "./golden.ts";
import { prelude } from "./raw-frame.ts";

/** All frames of a stream that arrives in these chunks. */
function readAll(chunks: readonly Uint8Array[], reader = new FrameReader()): Frame[] {
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    for (const frame of reader.push(chunk)) frames.push(frame);
  }
  reader.finish();
  return frames;
}

function shown(frames: readonly Frame[]): unknown[] {
  return frames.map(({ offset, headers, payload }) => [offset, [...headers], hex(payload)]);
}

const CHAT = concat(
  payloadPartFrame(bytes("hello")),
  encodeFrame({ ":message-type": "event", ":event-type": "Ping" }, bytes("")),
  encodeFrame({}, bytes("")),
  payloadPartFrame(bytes("world")),
  fromHex(STREAM_BROKEN_FRAME),
);

describe("the frame reader", () => {
  it("reads a payload part", () => {
    const [frame] = readAll([fromHex(HELLO_FRAME)]);
    expect(Buffer.from(frame!.payload).toString()).toBe("hello");
    expect(Object.fromEntries(frame!.headers)).toEqual({
      ":event-type": "PayloadPart",
      ":content-type": "application/octet-stream",
      ":message-type": "event",
    });
  });

  it("reads an exception", () => {
    const [frame] = readAll([fromHex(STREAM_BROKEN_FRAME)]);
    expect(frame!.headers.get(":exception-type")).toBe("ModelStreamError");
    expect(Buffer.from(frame!.payload).toString()).toBe('{"Message":"m","ErrorCode":"StreamBroken"}');
  });

  it("reads a frame without headers and payload", () => {
    expect(shown(readAll([fromHex(EMPTY_FRAME)]))).toEqual([[0, [], ""]]);
  });

  it("reads a timestamp and a byte array among the headers", () => {
    const [frame] = readAll([fromHex(SIGNED_END_FRAME)]);
    expect(frame!.headers.get(":date")).toEqual(new Date("2026-01-02T03:04:05Z"));
    expect(frame!.headers.get(":chunk-signature")).toEqual(
      fromHex("4c95ccbab59430319df6df905f31732cc16551f784cfde32a188c85bdd3efef1"),
    );
  });

  it("reads the same frames wherever the bytes are cut in two", () => {
    const whole = shown(readAll([CHAT]));
    expect(whole).toHaveLength(5);
    for (let place = 0; place <= CHAT.length; place++) {
      expect(shown(readAll(cut(CHAT, [place])))).toEqual(whole);
    }
  });

  it("reads the same frames from single bytes", () => {
    const singleBytes = cut(CHAT, [...CHAT.keys()]);
    expect(shown(readAll(singleBytes))).toEqual(shown(readAll([CHAT])));
  });

  it("reads the same frames for any cutting", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), places, (payloads, at) => {
        const stream = concat(...payloads.map(payloadPartFrame));
        expect(readAll(cut(stream, at)).map((frame) => hex(frame.payload))).toEqual(payloads.map(hex));
      }),
    );
  });

  it("does not copy the payload of a frame that one chunk holds", () => {
    const [first, second] = readAll([concat(fromHex(HELLO_FRAME), fromHex(HELLO_FRAME))]);
    expect(first!.payload.buffer).toBe(second!.payload.buffer);
  });

  it("hands out plain byte arrays even where the chunks are Buffers", () => {
    const [frame] = readAll([Buffer.from(HELLO_FRAME, "hex")]);
    expect(Object.getPrototypeOf(frame!.payload)).toBe(Uint8Array.prototype);
  });

  it("keeps the headers of a frame when the chunk that brought them is overwritten", () => {
    const reader = new FrameReader();
    const chunk = fromHex(SIGNED_END_FRAME);
    const [frame] = reader.push(chunk);
    const before = hex(frame!.headers.get(":chunk-signature") as Uint8Array);
    chunk.fill(0);
    expect(hex(frame!.headers.get(":chunk-signature") as Uint8Array)).toBe(before);
  });

  it("yields the frames before a bad one", () => {
    const reader = new FrameReader();
    const frames = reader.push(concat(fromHex(HELLO_FRAME), new Uint8Array(16)));
    expect(Buffer.from((frames.next().value as Frame).payload).toString()).toBe("hello");
    expect(() => frames.next()).toThrow("event-stream frame at byte 110: CRC of the prelude must be");
  });
});

describe("the end of a stream of frames", () => {
  it("is clean at the end of a frame", () => {
    expect(readAll([fromHex(HELLO_FRAME)])).toHaveLength(1);
    expect(readAll([])).toHaveLength(0);
  });

  it("is an error after one stray byte", () => {
    expect(() => readAll([concat(fromHex(HELLO_FRAME), bytes("\0"))])).toThrow(
      new InvalidResponseError(
        "event-stream frame at byte 110: the stream ended after 1 of 12 bytes of its prelude",
      ),
    );
  });

  it("is an error inside every frame, wherever it is cut off", () => {
    const frame = fromHex(HELLO_FRAME);
    for (let length = 1; length < frame.length; length++) {
      expect(() => readAll([frame.subarray(0, length)])).toThrow(InvalidResponseError);
    }
    expect(() => readAll([frame.subarray(0, 109)])).toThrow(
      "event-stream frame at byte 0: the stream ended after 109 of 110 bytes",
    );
  });
});

describe("a frame that breaks the protocol", () => {
  it("is an error that names the CRC it must have and the one it has", () => {
    const frame = fromHex(HELLO_FRAME);
    frame[105]! ^= 1;
    expect(() => readAll([frame])).toThrow(
      /^event-stream frame at byte 0: CRC of the frame must be \w{8}, got 29738ab4$/,
    );
  });

  it("never yields a wrong payload, whichever byte is changed", () => {
    const stream = concat(fromHex(HELLO_FRAME), fromHex(HELLO_FRAME));
    const byteAndChange = fc.tuple(fc.nat(stream.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(byteAndChange, places, ([at, change], cuts) => {
        const changed = Uint8Array.from(stream);
        changed[at]! ^= change;
        const seen: string[] = [];
        const reader = new FrameReader();
        const readChanged = () => {
          for (const chunk of cut(changed, cuts)) {
            for (const frame of reader.push(chunk)) seen.push(Buffer.from(frame.payload).toString());
          }
          reader.finish();
        };
        expect(readChanged).toThrow(InvalidResponseError);
        expect(seen).toEqual(at < 110 ? [] : ["hello"]);
      }),
      { numRuns: 500 },
    );
  });

  it("is refused when its length is below its own headers", () => {
    expect(() => readAll([prelude(20, 5)])).toThrow(
      "event-stream frame at byte 0: length must be at least 21 bytes, got 20",
    );
  });
});

describe("the limits of a frame", () => {
  const MEBIBYTE = 1_048_576;

  function allocatedBy(run: () => void): number {
    const before = process.memoryUsage().arrayBuffers;
    run();
    return process.memoryUsage().arrayBuffers - before;
  }

  it("allocate nothing for a length alone", () => {
    const reader = new FrameReader();
    const grown = allocatedBy(() => {
      expect([...reader.push(fromHex("20000000"))]).toEqual([]);
    });
    expect(grown).toBeLessThan(MEBIBYTE);
    expect(() => [...reader.push(fromHex("00000059deadbeef"))]).toThrow("CRC of the prelude must be");
  });

  it("refuse a payload above 24 MiB before anything is allocated, though its prelude is right", () => {
    const grown = allocatedBy(() => {
      expect(() => readAll([prelude(0xffff_ffff, 0)])).toThrow(
        "event-stream frame at byte 0: payload must be at most 25165824 bytes, got 4294967279",
      );
    });
    expect(grown).toBeLessThan(MEBIBYTE);
  });

  it("refuse headers above 131,072 bytes", () => {
    expect(() => readAll([prelude(200_000, 131_073)])).toThrow(
      "headers must be at most 131072 bytes, got 131073",
    );
  });

  it("accept what is at the limit", () => {
    const largest = encodeFrame({}, new Uint8Array(25_165_824));
    const [frame] = readAll(cut(largest, [1_000_000, 20_000_000]));
    expect(frame!.payload).toHaveLength(25_165_824);
  });

  it("can be set lower", () => {
    const limits = { maxPayloadBytes: 4, maxHeadersBytes: 89 };
    const reader = new FrameReader(limits);
    expect([...reader.push(payloadPartFrame(bytes("four")))]).toHaveLength(1);
    expect(() => [...reader.push(payloadPartFrame(bytes("fives")))]).toThrow(
      "payload must be at most 4 bytes, got 5",
    );
    expect(() => readAll([fromHex(STREAM_BROKEN_FRAME)], new FrameReader(limits))).toThrow(
      "headers must be at most 89 bytes, got 94",
    );
  });

  it("are checked themselves", () => {
    expect(() => new FrameReader({ maxPayloadBytes: -1 })).toThrow("maxPayloadBytes must be a whole number");
    expect(() => new FrameReader({ maxHeadersBytes: 131_073 })).toThrow(
      "maxHeadersBytes must be a whole number",
    );
  });
});
