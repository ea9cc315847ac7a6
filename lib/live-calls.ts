// Not the global one, which fake timers in the tests of a user hold up.
import { setImmediate } from "node:timers";
import type { Call } from "./call.ts";

/**
 * The calls of a client that have not ended: what `close` waits for, and what `destroy` and the callers'
 * signals end.
 *
 * They stand in an array in no order, each knowing its place in it. A `Set` that much passes through copies its
 * table again and again, and until the next full collection the old tables keep alive what they held: nearly
 * every call, with everything that hangs on it.
 */
export class LiveCalls {
  readonly #calls: Call[] = [];
  readonly #watches = new Map<AbortSignal, SignalWatch>();
  #onIdle: (() => void)[] = [];

  get size(): number {
    return this.#calls.length;
  }

  add(call: Call): void {
    call.liveIndex = this.#calls.length;
    this.#calls.push(call);
    const { abortSignal } = call.settings;
    if (abortSignal !== undefined) this.#watchOf(abortSignal).calls++;
  }

  remove(call: Call): void {
    if (call.liveIndex === undefined) return;
    this.#fillPlace(call.liveIndex);
    call.liveIndex = undefined;
    const { abortSignal } = call.settings;
    if (abortSignal !== undefined) this.#unwatch(abortSignal);
    if (this.#calls.length > 0) return;
    for (const resolve of this.#onIdle) resolve();
    this.#onIdle = [];
  }

  cancelAll(): void {
    for (const call of this.#snapshot()) call.cancel("destroyed");
  }

  /**
   * Ends the calls whose answer is with their callers, who have not begun to read it: once whoever was given one just now
   * has had its turn to begin.
   */
  cancelUnreadSoon(): void {
    setImmediate(() => this.#cancelUnread());
  }

  #cancelUnread(): void {
    for (const call of this.#snapshot()) {
      const stream = call.decidedBy?.stream;
      if (stream?.isHandedOver === true && !stream.isTaken) call.cancel("destroyed");
    }
  }

  /** Resolves when no call is left, streams that are still being read included. */
  whenIdle(): Promise<void> {
    if (this.#calls.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** With the last one, which may be the one that leaves. */
  #fillPlace(index: number): void {
    const last = this.#calls.pop();
    if (last === undefined || index === this.#calls.length) return;
    this.#calls[index] = last;
    last.liveIndex = index;
  }

  /** To go through while calls end. */
  #snapshot(): Call[] {
    return [...this.#calls];
  }

  #cancelCallsOf(signal: AbortSignal): void {
    for (const call of this.#snapshot()) {
      if (call.settings.abortSignal === signal) call.cancel("abort");
    }
  }

  #watchOf(signal: AbortSignal): SignalWatch {
    const known = this.#watches.get(signal);
    if (known !== undefined) return known;
    const watch = new SignalWatch(() => this.#cancelCallsOf(signal));
    signal.addEventListener("abort", watch);
    this.#watches.set(signal, watch);
    return watch;
  }

  #unwatch(signal: AbortSignal): void {
    const watch = this.#watches.get(signal);
    if (watch === undefined || --watch.calls > 0) return;
    signal.removeEventListener("abort", watch);
    this.#watches.delete(signal);
  }
}

/**
 * The one listener on a signal, however many calls have that signal: a service that passes its own shut-down
 * signal to every call would otherwise be warned of a leak at the eleventh.
 */
class SignalWatch {
  /** How many have it. */
  calls = 0;
  readonly handleEvent: () => void;

  constructor(onAbort: () => void) {
    this.handleEvent = onAbort;
  }
}
