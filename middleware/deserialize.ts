import { describeFailure } from "../lib/errors/describe-failure.ts";
import { transportError } from "../lib/errors/transport-error.ts";
import { layer } from "../lib/layer.ts";
import type { DeserializeContext } from "../lib/operations/operation.ts";
import { attemptOf, type CallArgs, type CallResult, type Layer } from "../lib/types.ts";
import { checkBoolean, checkKeys, checkMs } from "../lib/validate.ts";

export interface DeserializeOptions {
  /**
   * Whether a streaming call resolves at its first part, so that an error in its place is thrown by `send`
   * and may be tried again.
   * @default false - it resolves at the headers
   */
  peekFirstEvent?: boolean;
  /** The transport's bound of connecting, in milliseconds, for errors of streams. @default 1_000 */
  connectMs?: number;
}

/**
 * Makes the output of an accepted answer. Answers with status 300 or above pass untouched, for `errorMapper`.
 *
 * @throws {InvalidResponseError} where an accepted answer is not what the operation answers with
 */
export function deserialize(options: DeserializeOptions = {}): Layer {
  checkKeys("deserialize", options, ["peekFirstEvent", "connectMs"]);
  const { peekFirstEvent = false, connectMs = 1_000 } = options;
  checkBoolean("deserialize.peekFirstEvent", peekFirstEvent);
  checkMs("deserialize.connectMs", connectMs);
  return layer({ name: "deserialize", step: "deserialize", aliases: ["deserializerMiddleware"] }, (next) => {
    return function deserializeAttempt(args) {
      return args.call.operation.isStreaming
        ? deserializeStream(args)
        : next(args).then((result) => deserializeWhole(args, result));
    };

    async function deserializeStream(args: CallArgs): Promise<CallResult> {
      const result = await next(args);
      if (result.response.statusCode >= 300) return result;
      const output = args.call.operation.deserialize(result.response, streamContext(args, connectMs));
      if (peekFirstEvent) await args.call.operation.peek?.(output);
      // Not in the result of the exchange: that lives as long as the connection, and so would a body that nobody reads.
      return { response: result.response, output };
    }
  });
}

function deserializeWhole({ call }: CallArgs, result: CallResult): CallResult {
  if (result.response.statusCode < 300) {
    result.output = call.operation.deserialize(result.response, WHOLE_ANSWER);
  }
  return result;
}

/** An answer that has arrived cannot break any more. */
const WHOLE_ANSWER: DeserializeContext = {
  mapError: (error) => (error instanceof Error ? error : new Error("the answer failed", { cause: error })),
};

function streamContext(args: CallArgs, connectMs: number): DeserializeContext {
  const attempt = attemptOf(args);
  // The arguments have the payload, and the stream may go on for long.
  const { call } = args;
  return {
    mapError(error) {
      const typed = transportError(error, attempt, connectMs);
      // Ahead of the stream's own end: the error says what became of the attempt.
      attempt.end(typed);
      return describeFailure(typed, call);
    },
  };
}
