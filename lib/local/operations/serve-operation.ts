import { enqueue } from "../async/enqueue.ts";
import type { Invocation, LocalContext } from "../context.ts";
import { ServiceError } from "../errors.ts";
import { applyFaults } from "../faults/apply.ts";
import { answerError } from "../http/answer-error.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Route } from "../http/router.ts";
import type { Tally } from "../stats.ts";
import type { OperationName } from "../types.ts";
import { invoke } from "./invoke.ts";
import { invokeStream } from "./invoke-stream.ts";
import { validateMembers } from "./validate-members.ts";

type OperationRoute = Extract<Route, { kind: "operation" }>;

/** Serves one operation and gives its outcome. */
type Serve = (context: LocalContext, exchange: Exchange, invocation: Invocation) => Promise<string>;

const OPERATIONS: Readonly<Record<OperationName, Serve>> = {
  InvokeEndpoint: invoke,
  InvokeEndpointAsync: enqueue,
  InvokeEndpointWithResponseStream: invokeStream,
};

/** Serves a request for one of the service's operations: whatever happens, it is answered and counted. */
export async function serveOperation(
  context: LocalContext,
  exchange: Exchange,
  route: OperationRoute,
): Promise<void> {
  const tally = context.stats.begin(route.operation);
  try {
    const invocation = await admit(context, exchange, route, tally);
    const outcome = await applyFaults(context, exchange, invocation);
    tally.end(outcome ?? (await OPERATIONS[route.operation](context, exchange, invocation)));
  } catch (error) {
    tally.end(await answerError(exchange, error));
  }
}

/** Authentication, validation and routing, in the service's order. */
async function admit(
  { verifier, variants, maxBodyBytes }: LocalContext,
  exchange: Exchange,
  { operation, endpointName, path, query }: OperationRoute,
  tally: Tally,
): Promise<Invocation> {
  const body = await exchange.readBody(maxBodyBytes);
  if (body === undefined) {
    const message = `Request Entity Too Large: at most ${maxBodyBytes} bytes are accepted.`;
    throw new ServiceError(413, "RequestEntityTooLargeException", message);
  }
  const { headers } = exchange;
  const request = { method: "POST", path, query, headers, body };
  const { region } = await verifier.verify(request, "sagemaker");
  validateMembers(operation, endpointName, headers);
  const target = operation === "InvokeEndpointAsync" ? undefined : headers["x-amzn-sagemaker-target-variant"];
  const variant = variants.choose(endpointName, target);
  tally.variant(endpointName, variant.name);
  return { operation, endpointName, variant, headers, body, region };
}
