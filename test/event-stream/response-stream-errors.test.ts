import { describe, expect, it } from "vitest";
import { InvalidResponseError } from "../../lib/errors/local-errors.ts";
import { InternalStreamFailure, ModelStreamError } from "../../lib/errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "../../lib/errors/service-exception.ts";
import { encodeFrame, errorFrame, exceptionFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { settle } from "../support/fake-clock.ts";
import { Answer, collect, METADATA, rawFailure, readEvents } from "./answer.ts";
import { bytes, concat } from "./bytes.ts";
import { rawFrame } from "./raw-frame.ts";

const NO_BYTES = new Uint8Array(0);

/** Headers of an error frame as they are on the wire: its type, and `true` for code and message. */
const ERROR_TYPE = bytes("\x0d:message-type\x07\0\x05error");
const TRUE_CODE = bytes("\x0b:error-code\0");
const TRUE_MESSAGE = bytes("\x0e:error-message\0");

describe("an error in a response stream", () => {
  it("is a ModelStreamError with message, code and metadata for that exception", async () => {
    const frame = exceptionFrame("ModelStreamError", {
      Message: "too slow",
      ErrorCode: "ModelInvocationTimeExceeded",
    });
    const answer = new Answer().parts("a").push(frame);
    const { texts, error } = await readEvents(answer.body);
    expect(texts).toEqual(["a"]);
    expect(error).toBeInstanceOf(ModelStreamError);
    expect(error).toMatchObject({
      name: "ModelStreamError",
      message: "too slow",
      Message: "too slow",
      ErrorCode: "ModelInvocationTimeExceeded",
      $fault: "client",
      $metadata: METADATA,
    });
  });

  it("is an InternalStreamFailure for that exception", async () => {
    const answer = new Answer().push(exceptionFrame("InternalStreamFailure", { Message: "try again" }));
    const { error } = await readEvents(answer.body);
    expect(error).toBeInstanceOf(InternalStreamFailure);
    expect(error).toMatchObject({ Message: "try again", $fault: "server", $metadata: METADATA });
  });

  it.each([
    ["not JSON", "<html>"],
    ["no object", "null"],
    ["a text", '"m"'],
    ["without a text in it", '{"Message":{"a":1}}'],
  ])("is the typed exception even where its body is %s", async (_, body) => {
    const headers = { ":message-type": "exception", ":exception-type": "ModelStreamError" };
    const { error } = await readEvents(new Answer().push(encodeFrame(headers, bytes(body))).body);
    expect(error).toBeInstanceOf(ModelStreamError);
    expect(error).toMatchObject({ message: "UnknownError", ErrorCode: undefined });
  });

  it.each([
    ["its message", '{"message":"odd"}', "odd"],
    ["its body where that is no JSON", "odd", "odd"],
    ["a bounded part of its body", "x".repeat(5000), "x".repeat(2048)],
  ])("is named after an exception that nobody knows, with %s", async (_, body, message) => {
    const headers = { ":message-type": "exception", ":exception-type": "OddException" };
    const { error } = await readEvents(new Answer().push(encodeFrame(headers, bytes(body))).body);
    expect(error).toBeInstanceOf(SageMakerRuntimeServiceException);
    expect(error).toMatchObject({ name: "OddException", message, $metadata: METADATA });
  });

  it("is named after the code of an error frame", async () => {
    const { error } = await readEvents(new Answer().push(errorFrame("InternalError", "broken")).body);
    expect(error).toBeInstanceOf(SageMakerRuntimeServiceException);
    expect(error).toMatchObject({ name: "InternalError", message: "broken", $metadata: METADATA });
  });

  it.each([
    ["has none", encodeFrame({ ":message-type": "error" }, NO_BYTES)],
    ["has empty ones", errorFrame("", "")],
    ["has other values there", rawFrame(concat(ERROR_TYPE, TRUE_CODE, TRUE_MESSAGE))],
  ])("is unknown for an error frame that has no code and message: it %s", async (_, frame) => {
    const { error } = await readEvents(new Answer().push(frame).body);
    expect(error).toBeInstanceOf(SageMakerRuntimeServiceException);
    expect(error).toMatchObject({ name: "Unknown", message: "UnknownError", $metadata: METADATA });
  });

  it.each([
    ["does not say what it is", encodeFrame({}, NO_BYTES), ":message-type must be event, exception or error"],
    [
      "has a wrong CRC",
      concat(payloadPartFrame(bytes("b")).slice(0, -1), bytes("\0")),
      "CRC of the frame must be",
    ],
  ])("is an InvalidResponseError for a frame that %s", async (_, frame, problem) => {
    const { texts, error } = await readEvents(new Answer().parts("a").push(frame).body);
    expect(texts).toEqual(["a"]);
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toMatchObject({ message: expect.stringContaining(problem), $metadata: METADATA });
  });

  it.each([
    ["ModelStreamError", exceptionFrame("ModelStreamError", { Message: "m" })],
    [
      "OddException",
      encodeFrame({ ":message-type": "exception", ":exception-type": "OddException" }, bytes("m")),
    ],
    ["InternalError", errorFrame("InternalError", "m")],
  ])("shows its message to loggers that write JSON: %s", async (name, frame) => {
    const { error } = await readEvents(new Answer().push(frame).body);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name, message: "m", $metadata: METADATA });
  });

  it("is an InvalidResponseError for one stray byte at the end", async () => {
    const { texts, error } = await readEvents(new Answer().parts("a").push(Uint8Array.of(0)).finish().body);
    expect(texts).toEqual(["a"]);
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toMatchObject({ message: expect.stringContaining("the stream ended after 1 of 12 bytes") });
  });

  it("is typed for a failure of the transport, after the parts before it, made in the reader's frame", async () => {
    const answer = new Answer().parts("a");
    const failure = rawFailure();
    setImmediate(() => answer.bytes.fail(failure));
    const { texts, error } = await readEvents(answer.body);
    expect(texts).toEqual(["a"]);
    expect(error).toMatchObject({ message: "typed", cause: failure });
    expect((error as Error).stack).toContain("readEvents");
  });

  it("ends the stream: the end is told of it, the transport is cancelled, and another reader is refused", async () => {
    const answer = new Answer().push(errorFrame("InternalError", "broken")).parts("after");
    const { error } = await readEvents(answer.body);
    expect(answer.ends).toEqual([error]);
    expect(answer.cancelled).toBe(1);
    await expect(collect(answer.body)).rejects.toThrow("the response stream is read once");
    expect(answer.ends).toHaveLength(1);
  });

  it("is what the end is told where the stream arrived whole before it was read", async () => {
    const answer = new Answer().push(exceptionFrame("ModelStreamError", { Message: "m" })).finish();
    await settle();
    expect(answer.ends).toEqual([]);
    const { error } = await readEvents(answer.body);
    expect(answer.ends).toEqual([error]);
  });

  it("is what the end is told even where the connection breaks right after it", async () => {
    const answer = new Answer();
    const reading = readEvents(answer.body);
    await settle();
    answer.push(exceptionFrame("ModelStreamError", { Message: "m" })).bytes.fail(rawFailure());
    expect((await reading).error).toBeInstanceOf(ModelStreamError);
    expect(answer.ends).toMatchObject([{ name: "ModelStreamError" }]);
  });

  it("is completed by the call", async () => {
    const answer = new Answer().push(errorFrame("InternalError", "broken"));
    const { error } = await readEvents(answer.body);
    expect(answer.mapped).toContain(error);
  });
});
