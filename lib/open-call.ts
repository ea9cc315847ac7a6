import { Call } from "./call.ts";
import type { Clock } from "./clock.ts";
import { callCancellationError } from "./errors/cancellation-error.ts";
import type { AnyCommand } from "./handlers.ts";
import { resolveSendOptions, type SendOptions } from "./send-options.ts";
import { targetOf } from "./target.ts";
import { show } from "./validate.ts";

/** @throws {TypeError} for what is no command of this package */
export function checkCommand(command: unknown): AnyCommand {
  const given = command as Partial<AnyCommand> | undefined | null;
  if (typeof given?.operation?.serialize === "function") return given as AnyCommand;
  throw new TypeError(
    `send() takes a command of this package, such as InvokeEndpointCommand, got ${show(command)}`,
  );
}

/**
 * The call that `command` describes.
 *
 * @throws {TypeError} for options of `send` that are wrong
 * @throws {AbortError} where its signal has fired already
 */
export function openCall(command: AnyCommand, options: SendOptions | undefined, clock: Clock): Call {
  const { operation, input } = command;
  const settings = resolveSendOptions(options);
  const call = new Call(operation, targetOf(input), operation.isRepeatable(input), settings, clock);
  if (settings.abortSignal?.aborted === true) {
    call.cancelled = "abort";
    throw callCancellationError(call);
  }
  return call;
}
