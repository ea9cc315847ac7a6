import type { AbortSignal as SmithyAbortSignal } from "@smithy/types";

/** A signal as the AWS SDK takes them: the platform's, or one of `@smithy/abort-controller`, which has `onabort` alone. */
export type AnyAbortSignal = AbortSignal | SmithyAbortSignal;

/** One for all calls of a signal: there is only one place to be told from. */
const platformSignals = new WeakMap<SmithyAbortSignal, AbortSignal>();

/** The platform's signal that fires with `signal`; `undefined` for what is no signal. */
export function platformSignal(signal: AnyAbortSignal): AbortSignal | undefined {
  if (typeof signal !== "object" || signal === null) return undefined;
  if ("addEventListener" in signal) return signal;
  if (!("onabort" in signal) || typeof signal.aborted !== "boolean") return undefined;
  let platform = platformSignals.get(signal);
  if (platform === undefined) {
    platform = follow(signal);
    platformSignals.set(signal, platform);
  }
  return platform;
}

function follow(signal: SmithyAbortSignal): AbortSignal {
  if (signal.aborted) return AbortSignal.abort();
  const controller = new AbortController();
  const before = signal.onabort;
  signal.onabort = function onAbort(...args: unknown[]) {
    controller.abort();
    if (typeof before === "function") Reflect.apply(before, signal, args);
  };
  return controller.signal;
}
