import type { Call } from "../../call.ts";
import { LiveCalls } from "../../live-calls.ts";
import type { CallResult } from "../../types.ts";

/** A response stream of this package, whichever copy of it the other client is from. */
interface KnownStream {
  onEnd(listener: () => void): void;
}

/** Calls whose stream another client or a function answers with, and that are over for the client that asked it. */
const openStreams = /* @__PURE__ */ new LiveCalls();

/** Streams that do not say when they end: by the time that one is garbage, nobody reads it. */
const unknownStreams = /* @__PURE__ */ new FinalizationRegistry<Call>((call) => openStreams.remove(call));

/**
 * Has the caller's signal end a stream that others answer with, as long as it goes on. They know only the signal that was
 * made for this call: one that followed the caller's by `AbortSignal.any` would leave something on that after each call,
 * and a service may have one signal for as long as it runs.
 */
export function endWithCaller({ output }: CallResult, call: Call): void {
  if (call.settings.abortSignal === undefined) return;
  const body = output !== undefined && "Body" in output ? output.Body : undefined;
  if (typeof body !== "object" || body === null) return;
  const streaming = call.fork();
  streaming.running = call.running;
  openStreams.add(streaming);
  if (isKnown(body)) body.onEnd(() => openStreams.remove(streaming));
  else unknownStreams.register(body, streaming);
}

function isKnown(body: object): body is KnownStream {
  return "onEnd" in body && typeof body.onEnd === "function";
}
