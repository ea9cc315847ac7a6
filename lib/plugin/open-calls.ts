import type { HandlerExecutionContext } from "@smithy/types";
import { Call, type CallSettings } from "../call.ts";
import type { Clock } from "../clock.ts";
import { callCancellationError } from "../errors/cancellation-error.ts";
import { describeFailure } from "../errors/describe-failure.ts";
import { InvalidInputError } from "../errors/local-errors.ts";
import { LiveCalls } from "../live-calls.ts";
import type { AnyAbortSignal } from "../old-abort-signal.ts";
import { invokeEndpoint } from "../operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../operations/invoke-endpoint-async.ts";
import { invokeEndpointWithResponseStream } from "../operations/invoke-endpoint-with-response-stream.ts";
import type { Operation } from "../operations/operation.ts";
import { isPayload } from "../protocol/payload.ts";
import { resolveSendOptions } from "../send-options.ts";
import { targetOf } from "../target.ts";
import type { CallMiddleware } from "../types.ts";
import { show } from "../validate.ts";
import { meaningOf } from "./error-meaning.ts";

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [invokeEndpoint, invokeEndpointAsync, invokeEndpointWithResponseStream].map((operation) => [
    `${operation.name}Command`,
    operation,
  ]),
);

/**
 * Makes the state of each call, which the layers inside go by, and says how the call ended.
 *
 * @param isRepeating whether a payload may have to be sent again
 */
export function openCalls(clock: Clock, isRepeating: boolean): CallMiddleware {
  const live = new LiveCalls();
  return (next, context) => {
    return async function openCall(args) {
      const operation = operationOf(context);
      const { input } = args;
      if (isRepeating) checkPayload(input);
      const settings = settingsOf(context);
      const call = new Call(operation, targetOf(input), operation.isRepeatable(input), settings, clock);
      live.add(call);
      try {
        if (settings.abortSignal?.aborted === true) call.cancel("abort");
        if (call.cancelled !== undefined) throw callCancellationError(call);
        const result = await next({ ...args, call, attempt: undefined });
        call.settle(undefined);
        return result;
      } catch (error) {
        call.settle(meaningOf(error, call.decidedBy));
        throw error instanceof Error ? describeFailure(error, call) : error;
      } finally {
        live.remove(call);
      }
    };
  };
}

function operationOf({
  commandName = "a command",
  clientName = "a client",
}: HandlerExecutionContext): Operation {
  const operation = OPERATIONS.get(commandName);
  if (operation !== undefined) return operation;
  throw new TypeError(
    `resilience() is for the commands of @aws-sdk/client-sagemaker-runtime (${[...OPERATIONS.keys()].join(", ")}), ` +
      `got ${commandName} of ${clientName}`,
  );
}

/** A stream is gone once it was sent. */
function checkPayload({ Body }: { readonly Body?: unknown }): void {
  if (Body === undefined || Body === null || isPayload(Body)) return;
  const rule = "text or memory, because it may have to be sent again (or resilience() have retry: false)";
  throw new InvalidInputError("Body", rule, show(Body));
}

/** What the SDK says of the options of `send`. */
function settingsOf(context: HandlerExecutionContext): CallSettings {
  const { abortSignal } = (context.__smithy_context ?? {}) as { abortSignal?: AnyAbortSignal };
  return resolveSendOptions(abortSignal === undefined ? undefined : { abortSignal });
}
