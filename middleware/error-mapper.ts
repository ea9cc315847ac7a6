import { transportError } from "../lib/errors/transport-error.ts";
import { layer } from "../lib/layer.ts";
import { errorFromResponse } from "../lib/protocol/error-response.ts";
import { attemptOf, type Layer } from "../lib/types.ts";

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
export function errorMapper({ connectMs = 1_000 }: ErrorMapperOptions = {}): Layer {
  return layer({ name: "errorMapper", step: "deserialize" }, (next) => {
    return async function errorMapperAttempt(args) {
      const attempt = attemptOf(args);
      try {
        const result = await next(args);
        if (result.response.statusCode >= 300)
          throw errorFromResponse(args.call.operation.name, result.response);
        const { stream } = attempt;
        // What breaks a stream later gets its type when it is read, and ends the attempt then.
        if (stream !== undefined) stream.mapError = (error) => transportError(error, attempt, connectMs);
        attempt.finish();
        return result;
      } catch (error) {
        const typed = transportError(error, attempt, connectMs);
        attempt.end(typed);
        throw typed;
      }
    };
  });
}
