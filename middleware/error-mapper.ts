import type { Attempt } from "../lib/attempt.ts";
import { transportError } from "../lib/errors/transport-error.ts";
import { begin, layer } from "../lib/layer.ts";
import { errorFromResponse } from "../lib/protocol/error-response.ts";
import type { ByteStream } from "../lib/transport/byte-stream.ts";
import { attemptOf, type CallResult, type Layer } from "../lib/types.ts";
import { checkKeys, checkMs } from "../lib/validate.ts";

export interface ErrorMapperOptions {
  /**
   * The transport's bound of connecting, in milliseconds, for the error that says it ran out.
   * @default 1_000 - the client's own default
   */
  connectMs?: number;
}

/**
 * Turns what came back into the typed errors of the client: an answer with status 300 or above into the
 * service's exception, a failed connection into a ConnectionError or TimeoutError. It ends the attempt, which
 * is when an attempt is classified; so it stands directly around `deserialize`.
 */
export function errorMapper(options: ErrorMapperOptions = {}): Layer {
  checkKeys("errorMapper", options, ["connectMs"]);
  const connectMs = checkMs("errorMapper.connectMs", options.connectMs ?? 1_000);
  return layer({ name: "errorMapper", step: "deserialize" }, (next) => {
    return function errorMapperAttempt(args) {
      const attempt = attemptOf(args);
      return begin(next, args).then(
        (result) => accept(result, attempt, connectMs),
        (error) => refuse(error, attempt, connectMs),
      );
    };
  });
}

function accept(result: CallResult, attempt: Attempt, connectMs: number): CallResult {
  const { response } = result;
  if (response.statusCode >= 300) {
    return refuse(errorFromResponse(attempt.call.operation.name, response), attempt, connectMs);
  }
  if (attempt.stream !== undefined) mapLater(attempt.stream, attempt, connectMs);
  attempt.finish();
  return result;
}

/** What breaks a stream later gets its type when it is read, and ends the attempt then. */
function mapLater(stream: ByteStream, attempt: Attempt, connectMs: number): void {
  stream.mapError = (error) => transportError(error, attempt, connectMs);
}

function refuse(error: unknown, attempt: Attempt, connectMs: number): never {
  const typed = transportError(error, attempt, connectMs);
  attempt.end(typed);
  throw typed;
}
