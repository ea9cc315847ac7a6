import type { CallSettings } from "./call.ts";
import { type AnyAbortSignal, platformSignal } from "./old-abort-signal.ts";
import { type CallPriority, PRIORITIES } from "./resilience/limiter/priority.ts";
import { checkBoolean, checkKeys, checkMs, checkOneOf, invalidOption } from "./validate.ts";

/** What one call may set for itself. */
export interface SendOptions {
  /** Ends the call when it fires: within a tick, whatever the call is doing. */
  abortSignal?: AnyAbortSignal | undefined;
  /** Bound of each attempt in milliseconds; 0: none. The AWS SDK's name for `timeouts.attemptMs`. */
  requestTimeout?: number | undefined;
  /** Bound of this call in milliseconds, in place of the client's `callTimeoutMs`. */
  callTimeoutMs?: number | undefined;
  /**
   * Who goes first where calls queue for a permit (`concurrencyLimit`), and who is sent away first where the
   * queue is full: `critical`, `standard`, or `sheddable`.
   * @default "standard"
   */
  priority?: CallPriority | undefined;
  /**
   * Whom the call is made for, such as a customer's id; at most 256 characters. Where calls queue, each key
   * gets its share of the permits and of the queue, so that one of them cannot take all. It is sent nowhere
   * and stands in no metric.
   * @default undefined - calls without a key share one place
   */
  fairnessKey?: string | undefined;
  /**
   * Whether an alternative of the client's `fallback` may answer; `false` for a caller to whom an error says more.
   * @default true
   */
  fallback?: boolean | undefined;
}

const KNOWN = ["abortSignal", "requestTimeout", "callTimeoutMs", "priority", "fairnessKey", "fallback"];

/** Keys are kept while their calls last: an id is short, and a payload is no key. */
const MAX_FAIRNESS_KEY_LENGTH = 256;

const NO_SETTINGS: CallSettings = {
  abortSignal: undefined,
  callTimeoutMs: undefined,
  attemptTimeoutMs: undefined,
  priority: "standard",
  fairnessKey: undefined,
  mayFallBack: true,
};

/**
 * @throws {TypeError} for an option that does not exist
 * @throws {RangeError} for a signal that is none, a time out of range, a priority or a fairness key that is none
 */
export function resolveSendOptions(options: SendOptions | undefined): CallSettings {
  if (options === undefined) return NO_SETTINGS;
  if (typeof options !== "object" || options === null)
    throw invalidOption("options of send()", "an object", options);
  checkKeys("options of send()", options, KNOWN);
  const {
    abortSignal,
    requestTimeout,
    callTimeoutMs,
    priority = "standard",
    fairnessKey,
    fallback = true,
  } = options;
  return {
    abortSignal: abortSignal === undefined ? undefined : checkSignal(abortSignal),
    callTimeoutMs: callTimeoutMs === undefined ? undefined : checkMs("callTimeoutMs", callTimeoutMs),
    attemptTimeoutMs: requestTimeout === undefined ? undefined : attemptBound(requestTimeout),
    priority: checkOneOf<CallPriority>("priority", priority, PRIORITIES),
    fairnessKey: checkFairnessKey(fairnessKey),
    mayFallBack: checkBoolean("fallback", fallback),
  };
}

function checkSignal(signal: AnyAbortSignal): AbortSignal {
  const platform = platformSignal(signal);
  if (typeof platform?.addEventListener === "function") return platform;
  throw invalidOption("abortSignal", "an AbortSignal", signal);
}

/** 0 lifts the client's own bound, as it does in the AWS SDK. */
function attemptBound(requestTimeout: number): number {
  return requestTimeout === 0 ? Number.POSITIVE_INFINITY : checkMs("requestTimeout", requestTimeout);
}

function checkFairnessKey(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  if (typeof key === "string" && key.length > 0 && key.length <= MAX_FAIRNESS_KEY_LENGTH) return key;
  throw invalidOption("fairnessKey", `a string of 1 to ${MAX_FAIRNESS_KEY_LENGTH} characters`, key);
}
