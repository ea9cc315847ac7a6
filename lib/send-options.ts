import type { CallSettings } from "./call.ts";
import { checkKeys, checkMs, invalidOption } from "./validate.ts";

/** What one call may set for itself. */
export interface SendOptions {
  /** Ends the call when it fires: within a tick, whatever the call is doing. */
  abortSignal?: AbortSignal | undefined;
  /** Bound of each attempt in milliseconds; 0: none. The AWS SDK's name for `timeouts.attemptMs`. */
  requestTimeout?: number | undefined;
  /** Bound of this call in milliseconds, in place of the client's `callTimeoutMs`. */
  callTimeoutMs?: number | undefined;
}

const KNOWN = ["abortSignal", "requestTimeout", "callTimeoutMs"];

const NO_SETTINGS: CallSettings = {
  abortSignal: undefined,
  callTimeoutMs: undefined,
  attemptTimeoutMs: undefined,
};

/**
 * @throws {TypeError} for a callback, a signal that is none, or an option that does not exist
 * @throws {RangeError} for a time out of range
 */
export function resolveSendOptions(options: SendOptions | undefined): CallSettings {
  if (options === undefined) return NO_SETTINGS;
  if (typeof options === "function")
    throw new TypeError("callbacks are not supported: await the promise of send()");
  if (typeof options !== "object" || options === null)
    throw invalidOption("options of send()", "an object", options);
  checkKeys("options of send()", options, KNOWN);
  const { abortSignal, requestTimeout, callTimeoutMs } = options;
  if (abortSignal !== undefined && typeof abortSignal?.addEventListener !== "function") {
    throw invalidOption("abortSignal", "an AbortSignal", abortSignal);
  }
  return {
    abortSignal,
    callTimeoutMs: callTimeoutMs === undefined ? undefined : checkMs("callTimeoutMs", callTimeoutMs),
    attemptTimeoutMs: requestTimeout === undefined ? undefined : attemptBound(requestTimeout),
  };
}

/** 0 lifts the client's own bound, as it does in the AWS SDK. */
function attemptBound(requestTimeout: number): number {
  return requestTimeout === 0 ? Number.POSITIVE_INFINITY : checkMs("requestTimeout", requestTimeout);
}
