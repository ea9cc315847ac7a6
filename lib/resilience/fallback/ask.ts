import type { Call, CallSettings } from "../../call.ts";
import { CancelSignal } from "../../cancellation.ts";
import { OperationCommand } from "../../commands.ts";
import { callCancellationError } from "../../errors/cancellation-error.ts";
import { resultWith } from "../../protocol/local-answer.ts";
import type { SendOptions } from "../../send-options.ts";
import type { CallResult, OutputWithMetadata } from "../../types.ts";
import { show } from "../../validate.ts";
import { type FunctionAlternative, inputFor, type SentAlternative } from "./alternative.ts";
import { outputOf } from "./answer.ts";
import { endWithCaller } from "./stream-elsewhere.ts";

/** What others may say in an error of what they did for a call. */
interface Account {
  readonly $metadata?: { readonly attempts?: number | undefined };
  readonly mayHaveExecuted?: boolean;
}

/** Has another client make the call, with the time that is left. */
export function askClient(alternative: SentAlternative, call: Call, input: object): Promise<CallResult> {
  return untilCancelled(call, true, async (signal) => {
    const asked = alternative.client?.();
    if (typeof asked?.send !== "function") {
      throw new TypeError(`the client of an alternative must have send(), got ${show(asked)}`);
    }
    return asked.send(
      new OperationCommand(call.operation, inputFor(alternative, input)),
      optionsOf(call, signal),
    );
  });
}

/** Asks a function of the user's. */
export function askFunction(
  { answer }: FunctionAlternative,
  call: Call,
  input: object,
  error: Error,
): Promise<CallResult> {
  return untilCancelled(call, false, async (signal) => {
    const given = await answer(error, input, { signal, remainingMs: call.remainingMs() });
    return outputOf(given, call.operation);
  });
}

/**
 * Waits no longer than the call lasts, whether they that are asked heed the signal or not.
 *
 * @param mayExecute whether a model may have run for what is no longer waited for
 */
async function untilCancelled(
  call: Call,
  mayExecute: boolean,
  ask: (signal: AbortSignal) => Promise<OutputWithMetadata>,
): Promise<CallResult> {
  const end = new CancelSignal(call.settings.abortSignal);
  call.running = end;
  try {
    const output = await end.wait(ask(end.signal));
    if (output === undefined) throw callCancellationError(call);
    call.fallback?.addElsewhere(output.$metadata.attempts ?? 0, false);
    const result = resultWith(output);
    if (call.operation.isStreaming) endWithCaller(result, call);
    return result;
  } catch (error) {
    const { $metadata, mayHaveExecuted } = accountOf(error);
    const isLeftRunning = call.cancelled !== undefined && mayExecute;
    call.fallback?.addElsewhere($metadata?.attempts ?? 0, isLeftRunning || mayHaveExecuted === true);
    throw error;
  }
}

/** Anything may be thrown; what is no object has none of it. */
function accountOf(error: unknown): Account {
  return error ?? {};
}

function optionsOf(call: Call, signal: AbortSignal): SendOptions & { abortSignal: AbortSignal } {
  const { attemptTimeoutMs, priority, fairnessKey } = call.settings;
  const remainingMs = call.remainingMs();
  return {
    abortSignal: signal,
    callTimeoutMs: Number.isFinite(remainingMs) ? remainingMs : undefined,
    requestTimeout: requestTimeoutOf(attemptTimeoutMs),
    priority,
    fairnessKey,
    fallback: false,
  };
}

/** In the words of `send`, where 0 lifts the client's own bound. */
function requestTimeoutOf(attemptTimeoutMs: CallSettings["attemptTimeoutMs"]): number | undefined {
  return attemptTimeoutMs === Number.POSITIVE_INFINITY ? 0 : attemptTimeoutMs;
}
