import type { Call } from "./call.ts";

/**
 * The calls of a client that have not ended: what `close` waits for and `destroy` ends. It also holds the
 * one listener that each call has on its caller's abort signal.
 */
export class LiveCalls {
  readonly #calls = new Set<Call>();
  #onIdle: (() => void)[] = [];

  get size(): number {
    return this.#calls.size;
  }

  add(call: Call): void {
    this.#calls.add(call);
    call.settings.abortSignal?.addEventListener("abort", call);
  }

  remove(call: Call): void {
    call.settings.abortSignal?.removeEventListener("abort", call);
    this.#calls.delete(call);
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
}
