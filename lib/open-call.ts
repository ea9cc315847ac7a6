import { Call } from "./call.ts";
import type { Clock } from "./clock.ts";
import { callCancellationError } from "./errors/cancellation-error.ts";
import type { AnyCommand } from "./handlers.ts";
import { resolveSendOptions, type SendOptions } from "./send-options.ts";
import { targetOf } from "./target.ts";
import { show } from "./validate.ts";

/**
 * The call that `command` describes.
 *
 * @throws {TypeError} for what is no command, and for options of `send` that are wrong
 * @throws {AbortError} where its signal has fired already
 */
export function openCall(command: AnyCommand, options: SendOptions | undefined, clock: Clock): Call {
  if (typeof command?.operation?.serialize !== "function") {
    throw new TypeError(
      `send() takes a command of this package, such as InvokeEndpointCommand, got ${show(command)}`,
    );
  }
  const { operation, input } = command;
  const settings = resolveSendOptions(options);
  const call = new Call(operation, targetOf(input), operation.isRepeatable(input), settings, clock);
  if (settings.abortSignal?.aborted === true) {
    call.cancelled = "abort";
    throw callCancellationError(call);
  }
  return call;
}
