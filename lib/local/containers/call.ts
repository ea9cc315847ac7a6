import {
  answerTooLargeError,
  containerStatusError,
  containerTimeoutError,
  containerUnreachableError,
  type ModelErrorSubject,
  modelNotReady,
  NOT_READY_MESSAGE,
  ServiceError,
  serviceUnavailable,
} from "../errors.ts";
import type { ContainerRequest } from "../types.ts";
import { abortable, untilAborted } from "../wait.ts";
import type { Container, ContainerAnswer } from "./container.ts";
import type { TimeLimit } from "./time-limit.ts";

/** How much of a container's error answer is read: more than an error message may repeat. */
const MAX_ERROR_BODY_BYTES = 65_536;

/** The service's sentence, and what it means here. */
const CONTAINER_NOT_READY = `${NOT_READY_MESSAGE} (The container's /ping has not answered 200 yet.)`;

/** Everything about one call of a container. */
export interface ContainerCall {
  readonly container: Container;
  readonly request: ContainerRequest;
  /** Whom its errors are about. */
  readonly subject: ModelErrorSubject;
  readonly limit: TimeLimit;
  readonly maxBodyBytes: number;
}

/**
 * A container's successful answer, its body still to be read.
 *
 * A container whose `/ping` has never answered 200 is `ModelNotReadyException`, as a variant that is still
 * being provisioned; one that did answer and does not now is `ServiceUnavailable`.
 *
 * @throws {ServiceError} for everything else; see {@link mapContainerError} for a caller that has gone
 */
export async function openAnswer(call: ContainerCall): Promise<ContainerAnswer> {
  const { container, request, limit } = call;
  try {
    const readiness = await abortable(container.readiness(), limit.signal);
    if (readiness === "notReady") throw modelNotReady(CONTAINER_NOT_READY);
    if (readiness === "unavailable") throw serviceUnavailable();
    const answer = await abortable(container.invoke(request), limit.signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    const said = await readUpTo(answer.body, MAX_ERROR_BODY_BYTES, limit.signal);
    throw containerStatusError(call.subject, answer.status, Buffer.from(said.bytes).toString());
  } catch (error) {
    throw mapContainerError(error, call);
  }
}

/** A container's successful answer with its whole body. */
export async function wholeAnswer(call: ContainerCall): Promise<ContainerAnswer & { bytes: Uint8Array }> {
  const answer = await openAnswer(call);
  try {
    const { bytes, isWhole } = await readUpTo(answer.body, call.maxBodyBytes, call.limit.signal);
    if (!isWhole) throw answerTooLargeError(call.subject, call.maxBodyBytes);
    return { ...answer, bytes };
  } catch (error) {
    throw mapContainerError(error, call);
  }
}

/** The service's error for what broke a call; the abort itself where it was the caller who went away. */
function mapContainerError(error: unknown, { limit, subject }: ContainerCall): unknown {
  if (error instanceof ServiceError) return error;
  if (limit.isExpired) return containerTimeoutError(subject);
  if (limit.signal.aborted) return error;
  return containerUnreachableError(subject);
}

async function readUpTo(body: AsyncIterable<Uint8Array>, maxBytes: number, signal: AbortSignal) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of untilAborted(body, signal)) {
    const room = maxBytes - size;
    if (chunk.length > room) {
      chunks.push(chunk.subarray(0, room));
      return { bytes: Buffer.concat(chunks), isWhole: false };
    }
    chunks.push(chunk);
    size += chunk.length;
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
}
