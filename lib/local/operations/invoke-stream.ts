import { exceptionFrame, payloadPartFrame } from "../../event-stream/encoder.ts";
import { MAX_PAYLOAD_BYTES } from "../../event-stream/frame-format.ts";
import { openAnswer } from "../containers/call.ts";
import { TimeLimit } from "../containers/time-limit.ts";
import type { Invocation, LocalContext } from "../context.ts";
import { STREAM_ERRORS } from "../errors.ts";
import { outcomeOf } from "../http/answer-error.ts";
import type { AnswerWriter } from "../http/answer-writer.ts";
import type { Exchange } from "../http/exchange.ts";
import { untilAborted } from "../wait.ts";
import { answerHeaders, containerCallOf } from "./container-call.ts";

/** How many times longer than one answer a whole stream may take: the service allows 60 s and 8 minutes. */
const STREAM_TIMES = 8;

/** InvokeEndpointWithResponseStream: a frame for each chunk of the container, as it comes. Gives the outcome. */
export async function invokeStream(
  context: LocalContext,
  exchange: Exchange,
  invocation: Invocation,
): Promise<string> {
  const { clock, containerTimeoutMs, maxBodyBytes } = context;
  const limit = new TimeLimit(clock, containerTimeoutMs, exchange.signal);
  try {
    const { headers, body } = await openAnswer(
      containerCallOf(invocation, invocation.body, limit, maxBodyBytes),
    );
    limit.restart(containerTimeoutMs * STREAM_TIMES);
    const contentType = headers["content-type"];
    const type: Record<string, string> =
      contentType === undefined ? {} : { "X-Amzn-SageMaker-Content-Type": contentType };
    const writer = exchange.open(200, {
      "content-type": "application/vnd.amazon.eventstream",
      ...answerHeaders(invocation, headers),
      ...type,
    });
    return await writeFrames(body, writer, limit);
  } finally {
    limit.end();
  }
}

async function writeFrames(
  body: AsyncIterable<Uint8Array>,
  writer: AnswerWriter,
  limit: TimeLimit,
): Promise<string> {
  let outcome = "ok";
  try {
    for await (const chunk of untilAborted(body, limit.signal)) {
      if (!(await writeParts(chunk, writer))) break;
    }
  } catch {
    // The status has been sent: the failure can only be told inside the stream. To a client that has gone,
    // which aborts the limit too, the writer says nothing.
    const errorCode = limit.isExpired ? "ModelInvocationTimeExceeded" : "StreamBroken";
    const frame = exceptionFrame("ModelStreamError", {
      Message: STREAM_ERRORS[errorCode],
      ErrorCode: errorCode,
    });
    await writer.write(frame);
    outcome = "ModelStreamError";
  }
  return outcomeOf(await writer.end(), outcome);
}

async function writeParts(chunk: Uint8Array, writer: AnswerWriter): Promise<boolean> {
  for (let offset = 0; offset < chunk.length; offset += MAX_PAYLOAD_BYTES) {
    const part = chunk.subarray(offset, offset + MAX_PAYLOAD_BYTES);
    if (!(await writer.write(payloadPartFrame(part)))) return false;
  }
  return true;
}
