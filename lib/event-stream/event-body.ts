import type { HttpResponse } from "../http.ts";
import type { DeserializeContext } from "../operations/operation.ts";
import type { BodyFormat, GivenBody, OutputDraft } from "../protocol/body-format.ts";
import { kindOf } from "../protocol/check-member.ts";
import { isPayload, type Payload, toBytes } from "../protocol/payload.ts";
import { ByteStream } from "../transport/byte-stream.ts";
import type { OutputWithMetadata } from "../types.ts";
import { payloadPartFrame } from "./encoder.ts";
import { ResponseStreamBody } from "./response-stream.ts";

/** An event stream, whose parts are handed out as they come. */
export const EVENT_BODY: BodyFormat = { read: readEvents, make: makeEvents, peek };

function readEvents(output: OutputDraft, response: HttpResponse, context: DeserializeContext): void {
  const { body } = response;
  if (body instanceof Uint8Array) {
    throw new TypeError("the body of this operation's answer must be a stream, got bytes");
  }
  output.Body = new ResponseStreamBody(body, { $metadata: output.$metadata, mapError: context.mapError });
}

async function peek(output: OutputWithMetadata): Promise<void> {
  if ("Body" in output && output.Body instanceof ResponseStreamBody) await output.Body.peek();
}

function makeEvents(
  given: GivenBody,
  $metadata: OutputWithMetadata["$metadata"],
): ResponseStreamBody | undefined {
  if (given instanceof ResponseStreamBody) return given;
  const parts = isPayload(given) ? onePart(given) : given;
  if (typeof parts?.[Symbol.asyncIterator] !== "function") return undefined;
  return new ResponseStreamBody(framesOf(parts), { $metadata, mapError: asError });
}

async function* onePart(payload: Payload): AsyncGenerator<Payload> {
  if (toBytes(payload).byteLength > 0) yield payload;
}

/** The parts as the frames of an event stream, each made when the reader has had the one before. */
function framesOf(parts: AsyncIterable<Payload>): ByteStream {
  const iterator = parts[Symbol.asyncIterator]();
  let isLeft = false;
  const frames = new ByteStream({ resume: () => void pump(), cancel: leave });
  void pump();
  return frames;

  function leave(): void {
    isLeft = true;
    iterator.return?.().then(undefined, ignore);
  }

  async function pump(): Promise<void> {
    try {
      let wantsMore = true;
      while (wantsMore && !isLeft) {
        const { done, value } = await iterator.next();
        if (done === true) {
          frames.finish();
          return;
        }
        wantsMore = frames.push(frameOf(value));
      }
    } catch (error) {
      leave();
      frames.fail(error);
    }
  }
}

/** The parts are the caller's own, and of what is no text and no bytes `toBytes` makes zeros or nothing. */
function frameOf(part: unknown): Uint8Array {
  if (isPayload(part)) return payloadPartFrame(toBytes(part));
  throw new TypeError(`a part of an alternative's answer must be text or bytes, got ${kindOf(part)}`);
}

function ignore(): void {}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error("the alternative's answer failed", { cause: error });
}
