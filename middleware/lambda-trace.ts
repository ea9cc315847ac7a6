import type { HttpRequest } from "../lib/http.ts";
import { layer } from "../lib/layer.ts";
import type { Layer } from "../lib/types.ts";

/** What the Lambda runtime keeps of the invocation that runs now, where a function serves several at once. */
interface InvokeStore {
  getXRayTraceId?(): string | undefined;
}

const TRACE_HEADER = "x-amzn-trace-id";

/**
 * Sends along the trace of the Lambda invocation that makes the call, as every AWS SDK does: X-Ray draws the call where
 * it belongs, and Lambda finds functions that invoke themselves. One that a plug-in has set stays. It is never signed.
 */
export function lambdaTrace(): Layer {
  return layer({ name: "recursionDetectionMiddleware", step: "build", priority: "low" }, (next) => {
    return function traceCall(args) {
      const traceId = traceOfInvocation();
      if (traceId && args.request !== undefined && !hasTrace(args.request)) {
        args.request.headers[TRACE_HEADER] = traceId;
      }
      return next(args);
    };
  });
}

/** Read at each call: the runtime sets it anew for each invocation. */
function traceOfInvocation(): string | undefined {
  const { awslambda } = globalThis as { awslambda?: { InvokeStore?: InvokeStore } };
  return awslambda?.InvokeStore?.getXRayTraceId?.() ?? process.env._X_AMZN_TRACE_ID;
}

function hasTrace({ headers }: HttpRequest): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === TRACE_HEADER);
}
