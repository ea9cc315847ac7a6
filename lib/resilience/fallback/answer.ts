import { payloadPartFrame } from "../../event-stream/encoder.ts";
import { ResponseStreamBody } from "../../event-stream/response-stream.ts";
import type { Operation } from "../../operations/operation.ts";
import { isPayload, toBytes } from "../../protocol/payload.ts";
import { ResponseBytes } from "../../protocol/response-bytes.ts";
import { ByteStream } from "../../transport/byte-stream.ts";
import type { OutputWithMetadata } from "../../types.ts";
import { show } from "../../validate.ts";
import type { FallbackAnswer, FallbackBytes } from "./options.ts";

/**
 * The output of a call that is answered with `answer`: like one that the service gave, and the caller's own.
 *
 * @throws {TypeError} for something that is no answer to the operation
 */
export function outputOf(answer: FallbackAnswer, operation: Operation): OutputWithMetadata {
  if (typeof answer !== "object" || answer === null) {
    throw new TypeError(`an alternative must answer with the members of an output, got ${kindOf(answer)}`);
  }
  const { Body, ...members } = answer;
  const output = { ...members, $metadata: metadataOf(answer) };
  if (operation.name === "InvokeEndpointAsync") return output;
  const body = operation.isStreaming ? streamOf(Body, output.$metadata) : bytesOf(Body);
  if (body !== undefined) return { ...output, Body: body } as OutputWithMetadata;
  const kinds = operation.isStreaming ? "text, bytes or an async iterable of them" : "text or bytes";
  throw new TypeError(`the Body of an alternative's answer must be ${kinds}, got ${kindOf(Body)}`);
}

/** A function may hand out the output of another client, which has some. */
function metadataOf(answer: object): OutputWithMetadata["$metadata"] {
  const given = (answer as Partial<OutputWithMetadata>).$metadata;
  return typeof given === "object" && given !== null ? { ...given } : {};
}

function bytesOf(body: FallbackAnswer["Body"]): ResponseBytes | undefined {
  return isPayload(body) ? ResponseBytes.over(new Uint8Array(toBytes(body))) : undefined;
}

function streamOf(
  body: FallbackAnswer["Body"],
  $metadata: OutputWithMetadata["$metadata"],
): ResponseStreamBody | undefined {
  if (body instanceof ResponseStreamBody) return body;
  const parts = isPayload(body) ? onePart(body) : body;
  if (typeof parts?.[Symbol.asyncIterator] !== "function") return undefined;
  return new ResponseStreamBody(framesOf(parts), { $metadata, mapError: asError });
}

async function* onePart(body: FallbackBytes): AsyncGenerator<FallbackBytes> {
  if (toBytes(body).byteLength > 0) yield body;
}

/** The parts as the frames of an event stream, each made when the reader has had the one before. */
function framesOf(parts: AsyncIterable<FallbackBytes>): ByteStream {
  const iterator = parts[Symbol.asyncIterator]();
  let isCancelled = false;
  const frames = new ByteStream({
    resume: () => void pump(),
    cancel() {
      isCancelled = true;
      iterator.return?.().then(undefined, ignore);
    },
  });
  void pump();
  return frames;

  async function pump(): Promise<void> {
    try {
      let wantsMore = true;
      while (wantsMore && !isCancelled) {
        const { done, value } = await iterator.next();
        if (done === true) {
          frames.finish();
          return;
        }
        wantsMore = frames.push(payloadPartFrame(toBytes(value)));
      }
    } catch (error) {
      frames.fail(error);
    }
  }
}

function ignore(): void {}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error("the alternative's answer failed", { cause: error });
}

/** Never the value itself: it is an answer. */
function kindOf(value: unknown): string {
  return typeof value === "object" ? show(value) : `a value of type ${typeof value}`;
}
