import type { HandlerExecutionContext } from "@smithy/types";
import type { Call } from "./call.ts";

/** Not a field of the call: a call that passes no plug-in has none, and pays for none. */
const contexts = new WeakMap<Call, HandlerExecutionContext>();

/** The Smithy context that the plug-ins of one call share, and no other call. */
export function contextOf(call: Call, shared: HandlerExecutionContext): HandlerExecutionContext {
  let context = contexts.get(call);
  if (context === undefined) {
    context = { ...shared };
    contexts.set(call, context);
  }
  return context;
}

/** Lets a fork go on with what plug-ins further out have left in the context. */
export function shareContext(call: Call, fork: Call): void {
  const context = contexts.get(call);
  if (context !== undefined) contexts.set(fork, context);
}
