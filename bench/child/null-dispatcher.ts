import { Dispatcher } from "undici";

/**
 * A transport without a network: answers every request with the same bytes, all that came in one turn of the event
 * loop in the next one, as a busy socket does. What a call costs over it is what the layers cost.
 */
export class NullDispatcher extends Dispatcher {
  readonly #answer: Buffer;
  #waiting: Dispatcher.DispatchHandler[] = [];

  constructor(answer: Buffer) {
    super();
    this.#answer = answer;
  }

  override dispatch(_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    handler.onRequestStart?.(CONTROLLER, undefined);
    if (this.#waiting.push(handler) === 1) setImmediate(() => this.#answerAll());
    return true;
  }

  #answerAll(): void {
    const handlers = this.#waiting;
    this.#waiting = [];
    for (const handler of handlers) {
      handler.onResponseStart?.(CONTROLLER, 200, answerHeaders(this.#answer.byteLength));
      handler.onResponseData?.(CONTROLLER, this.#answer);
      handler.onResponseEnd?.(CONTROLLER, {});
    }
  }
}

/** Nothing here is ever paused or aborted. */
const CONTROLLER: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort() {},
  pause() {},
  resume() {},
};

/** An object per answer, for a layer may change it. */
function answerHeaders(byteLength: number): Record<string, string> {
  return {
    "x-amzn-requestid": "4c1f2a9e-6d0b-4a52-9a1e-0c6f1a8f7b11",
    "x-amzn-invoked-production-variant": "AllTraffic",
    "content-type": "application/octet-stream",
    "content-length": `${byteLength}`,
  };
}
