import type { Clock } from "../clock.ts";

/** Waits `delayMs`, or until the signal is aborted; look at the signal afterwards. */
export async function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || delayMs <= 0) return;
  const { promise, resolve } = openPromise<void>();
  const wake = () => resolve();
  const timer = clock.setTimeout(wake, delayMs, undefined);
  signal.addEventListener("abort", wake, { once: true });
  await promise;
  signal.removeEventListener("abort", wake);
  clock.clearTimeout(timer);
}

/** The result of `work`, or the signal's reason as soon as it is aborted: for work that may not listen. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = openPromise<T>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  const settled = () => signal.removeEventListener("abort", abort);
  work.then(resolve, reject).then(settled, settled);
  return promise;
}

/** The items of `source` until the signal is aborted; then throws its reason. */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await abortable(iterator.next(), signal);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that hangs in `next` would hold its reader up here for ever.
    iterator.return?.().catch(ignore);
  }
}

function ignore(): void {}

function openPromise<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
