import { describe, expect, it } from "vitest";
import { encodeFrame, errorFrame, exceptionFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { FrameReader } from "../../lib/event-stream/frame-reader.ts";
import { bytes, hex } from "./bytes.ts";
import { EMPTY_FRAME, HELLO_FRAME, REQUEST_PART_FRAME, STREAM_BROKEN_FRAME } from "./golden.ts";

const NO_BYTES = new Uint8Array(0);

describe("the frame encoder", () => {
  it("writes a payload part as the service does", () => {
    expect(hex(payloadPartFrame(bytes("hello")))).toBe(HELLO_FRAME);
  });

  it("writes an exception as the service does", () => {
    const frame = exceptionFrame("ModelStreamError", { Message: "m", ErrorCode: "StreamBroken" });
    expect(hex(frame)).toBe(STREAM_BROKEN_FRAME);
  });

  it("writes a part of a request stream with the headers of its data", () => {
    const headers = {
      ":event-type": "PayloadPart",
      ":message-type": "event",
      ":content-type": "application/octet-stream",
      DataType: "UTF8",
      CompletionState: "COMPLETE",
    };
    expect(hex(encodeFrame(headers, bytes("hi")))).toBe(REQUEST_PART_FRAME);
  });

  it("writes a frame without headers and payload", () => {
    expect(hex(encodeFrame({}, NO_BYTES))).toBe(EMPTY_FRAME);
  });

  it("writes an error with its code and message as headers and no payload", () => {
    const [frame] = new FrameReader().push(errorFrame("InternalError", "größer"));
    expect(Object.fromEntries(frame!.headers)).toEqual({
      ":error-code": "InternalError",
      ":error-message": "größer",
      ":message-type": "error",
    });
    expect(frame!.payload).toHaveLength(0);
  });

  it.each([
    ["an empty name", { "": "x" }, "name of a frame header must be 1 to 255 bytes, got 0"],
    [
      "a name of 256 bytes",
      { ["ü".repeat(128)]: "x" },
      "name of a frame header must be 1 to 255 bytes, got 256",
    ],
    [
      "a value of 32,768 bytes",
      { a: "x".repeat(32_768) },
      "frame header a must be at most 32767 bytes, got 32768",
    ],
    [
      "headers of more than 131,072 bytes",
      Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, "x".repeat(32_767)])),
      "headers of a frame must be at most 131072 bytes, got 163860",
    ],
  ])("refuses %s", (_, headers, message) => {
    expect(() => encodeFrame(headers, NO_BYTES)).toThrow(new RangeError(message));
  });

  it("writes the longest name and value that there may be, which a reader reads", () => {
    const headers = { [`${"ü".repeat(127)}n`]: "x".repeat(32_767) };
    const [frame] = new FrameReader().push(encodeFrame(headers, NO_BYTES));
    expect(Object.fromEntries(frame!.headers)).toEqual(headers);
  });

  it("refuses a payload that no reader would accept", () => {
    expect(() => encodeFrame({}, new Uint8Array(25_165_825))).toThrow(
      new RangeError("payload of a frame must be at most 25165824 bytes, got 25165825"),
    );
  });
});
