import { InvalidResponseError } from "../errors/local-errors.ts";

/** The error for a frame that breaks the protocol; `offset` is where the frame begins in the stream. */
export function invalidFrame(offset: number, problem: string): InvalidResponseError {
  return new InvalidResponseError(`event-stream frame at byte ${offset}: ${problem}`);
}
