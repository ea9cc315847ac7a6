import type { Call } from "./call.ts";

/**
 * The calls of a client that have not ended: what `close` waits for, and what `destroy` and the callers'
 * signals end.
 */
export class LiveCalls {
  readonly #calls = new Set<Call>();
  readonly #watches = new Map<AbortSignal, SignalWatch>();
  #onIdle: (() => void)[] = [];

  get size(): number {
    return this.#calls.size;
  }

  add(call: Call): void {
    this.#calls.add(call);
    const { abortSignal } = call.settings;
    if (abortSignal !== undefined) this.#watchOf(abortSignal).calls.add(call);
  }

  remove(call: Call): void {
    this.#calls.delete(call);
    const { abortSignal } = call.settings;
    if (abortSignal !== undefined) this.#unwatch(abortSignal, call);
    if (this.#calls.size > 0) return;
    for (const resolve of this.#onIdle) resolve();
    this.#onIdle = [];
  }

  cancelAll(): void {
    for (const call of this.#calls) call.cancel("destroyed");
  }

  /** Resolves when no call is left, streams that are still being read included. */
  whenIdle(): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #watchOf(signal: AbortSignal): SignalWatch {
    const known = this.#watches.get(signal);
    if (known !== undefined) return known;
    const watch = new SignalWatch();
    signal.addEventListener("abort", watch);
    this.#watches.set(signal, watch);
    return watch;
  }

  #unwatch(signal: AbortSignal, call: Call): void {
    const watch = this.#watches.get(signal);
    if (watch === undefined) return;
    watch.calls.delete(call);
    if (watch.calls.size > 0) return;
    signal.removeEventListener("abort", watch);
    this.#watches.delete(signal);
  }
}

/**
 * The one listener on a signal, however many calls have that signal: a service that passes its own shut-down
 * signal to every call would otherwise be warned of a leak at the eleventh.
 */
class SignalWatch {
  readonly calls = new Set<Call>();

  handleEvent(): void {
    for (const call of this.calls) call.cancel("abort");
  }
}
