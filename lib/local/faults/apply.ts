import type { Invocation, LocalContext } from "../context.ts";
import { containerStatusError, modelNotReady } from "../errors.ts";
import { answerError, outcomeOf } from "../http/answer-error.ts";
import type { Exchange } from "../http/exchange.ts";
import { pause } from "../wait.ts";
import type { FaultPlan } from "./injector.ts";
import type { StatusFault } from "./script.ts";

/**
 * Does to a request what the fault script wants before it goes on.
 *
 * @returns the outcome, if that ended the request
 */
export async function applyFaults(
  { faults, clock, connections }: LocalContext,
  exchange: Exchange,
  invocation: Invocation,
): Promise<string | undefined> {
  const plan = faults.plan({
    operation: invocation.operation,
    endpointName: invocation.endpointName,
    variantName: invocation.variant.name,
    targetModel: invocation.headers["x-amzn-sagemaker-target-model"],
  });
  await pause(clock, plan.delayMs, exchange.signal);
  if (exchange.signal.aborted) return "client.closed";
  if (shapesAnswer(plan)) exchange.plan = plan;
  if (plan.closeKeepAlive === "nextRequest") connections.markStale(exchange.socket);
  return plan.ending === undefined ? undefined : endRequest(plan.ending, exchange, invocation);
}

function shapesAnswer({ cut, bytesPerSecond, closeKeepAlive }: FaultPlan): boolean {
  return cut !== undefined || bytesPerSecond !== undefined || closeKeepAlive === "idle";
}

async function endRequest(
  ending: NonNullable<FaultPlan["ending"]>,
  exchange: Exchange,
  invocation: Invocation,
): Promise<string> {
  switch (ending.type) {
    case "reset":
      exchange.reset();
      return "fault.reset";
    case "stall":
      return "fault.stall";
    case "notReady":
      return answerError(exchange, modelNotReady(ending.message));
    case "status":
      return answerStatus(ending, exchange, invocation);
  }
}

/** The service's own codes; a status outside this list has none. */
const CODES: Readonly<Record<number, string>> = {
  400: "ValidationError",
  403: "AccessDeniedException",
  424: "ModelError",
  429: "ThrottlingException",
  500: "InternalFailure",
  503: "ServiceUnavailable",
  530: "InternalDependencyException",
};

async function answerStatus(fault: StatusFault, exchange: Exchange, invocation: Invocation): Promise<string> {
  const code = fault.code ?? (fault.body === undefined ? CODES[fault.status] : undefined);
  const headers = { ...retryHeaders(fault), ...(code === undefined ? {} : { "x-amzn-ErrorType": code }) };
  const contentType = fault.contentType ?? (fault.body === undefined ? "application/json" : "text/html");
  const body = fault.body ?? JSON.stringify(errorMembers(fault, invocation));
  const ending = await exchange.answer(fault.status, { ...headers, "content-type": contentType }, body);
  return outcomeOf(ending, code ?? `http.${fault.status}`);
}

function errorMembers(fault: StatusFault, invocation: Invocation): Readonly<Record<string, unknown>> {
  if (fault.status !== 424) return { Message: fault.message ?? `Injected: status ${fault.status}.` };
  const { originalStatusCode = 500, originalMessage = "injected" } = fault;
  const { message, details } = containerStatusError(invocation, originalStatusCode, originalMessage);
  return { ...details.members, Message: fault.message ?? message };
}

function retryHeaders({ retryAfterMs }: StatusFault): Record<string, string> {
  if (retryAfterMs === undefined) return {};
  return { "x-amz-retry-after": String(retryAfterMs), "retry-after": String(Math.ceil(retryAfterMs / 1000)) };
}
