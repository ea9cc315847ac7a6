import type { Call } from "../call.ts";
import type { HttpRequest } from "../http.ts";
import { identityOf } from "../protocol/request-identity.ts";
import type { CallArgs } from "../types.ts";

/** Streams, asynchronous calls and those of a session are never shared. */
export function isShareable(args: CallArgs): args is CallArgs & { request: HttpRequest } {
  const { operation, isRepeatable } = args.call;
  if (operation.isStreaming || !isRepeatable || args.request === undefined) return false;
  return args.request.headers["x-amzn-sagemaker-session-id"] === undefined;
}

/** What calls have in common that may share an invocation. */
export function flightKeyOf({ request, call }: CallArgs & { request: HttpRequest }): string {
  return `${treatmentOf(call)} ${identityOf(request, call.hashedBody)}`;
}

/**
 * What the layers inside go by: one caller's haste must not end an attempt or a wait, nor its low class shed it, for
 * another.
 */
function treatmentOf({ settings, fallback }: Call): string {
  return `${settings.priority} ${settings.attemptTimeoutMs} ${fallback?.waitForModelMs}`;
}
