import type { ResponseMetadata } from "@smithy/types";
import { InternalStreamFailure, ModelStreamError } from "../errors/service-errors.ts";
import { SageMakerRuntimeServiceException, withVisibleMessage } from "../errors/service-exception.ts";
import type { Frame } from "./frame-reader.ts";
import { invalidFrame } from "./invalid-frame.ts";
import type { ResponseStream } from "./types.ts";

/** Longest message of an exception, in characters: what the service's model says. */
const MAX_MESSAGE_LENGTH = 2048;

/** What the official client says where the service says nothing. */
const UNKNOWN_MESSAGE = "UnknownError";

/**
 * The event that a frame of a response stream carries; `undefined` for a kind that this version does not
 * know, which the official clients skip too.
 *
 * @throws {SageMakerRuntimeServiceException} where the frame is an exception or an error: one of the two
 * modelled classes, or the base class with the frame's type or code as its `name`
 * @throws {InvalidResponseError} where the frame does not say what it is
 */
export function eventOf(
  frame: Frame,
  $metadata: ResponseMetadata,
): ResponseStream.PayloadPartMember | undefined {
  const messageType = frame.headers.get(":message-type");
  switch (messageType) {
    case "event":
      return frame.headers.get(":event-type") === "PayloadPart"
        ? { PayloadPart: { Bytes: frame.payload } }
        : undefined;
    case "exception":
      throw withVisibleMessage(exceptionOf(frame, $metadata));
    case "error":
      throw withVisibleMessage(errorOf(frame, $metadata));
    default:
      throw invalidFrame(frame.offset, ":message-type must be event, exception or error");
  }
}

function exceptionOf(frame: Frame, $metadata: ResponseMetadata): SageMakerRuntimeServiceException {
  const type = textOf(frame, ":exception-type");
  const text = new TextDecoder().decode(frame.payload);
  const body = parseObject(text);
  const Message = memberOf(body, "Message");
  const message = Message ?? memberOf(body, "message");
  const options = { message: message ?? UNKNOWN_MESSAGE, Message, $metadata };
  switch (type) {
    case "ModelStreamError":
      return new ModelStreamError({ ...options, ErrorCode: memberOf(body, "ErrorCode") });
    case "InternalStreamFailure":
      return new InternalStreamFailure(options);
    default:
      return unmodelled(type, message ?? text.slice(0, MAX_MESSAGE_LENGTH), $metadata);
  }
}

function errorOf(frame: Frame, $metadata: ResponseMetadata): SageMakerRuntimeServiceException {
  return unmodelled(textOf(frame, ":error-code"), textOf(frame, ":error-message"), $metadata);
}

function unmodelled(
  name = "Unknown",
  message = UNKNOWN_MESSAGE,
  $metadata: ResponseMetadata,
): SageMakerRuntimeServiceException {
  return new SageMakerRuntimeServiceException({ name, $fault: "server", message, $metadata });
}

/** The text of a header, `undefined` where it is missing, empty or not a text. */
function textOf(frame: Frame, header: string): string | undefined {
  const value = frame.headers.get(header);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function memberOf(body: object, name: string): string | undefined {
  const value: unknown = Reflect.get(body, name);
  return typeof value === "string" ? value : undefined;
}
