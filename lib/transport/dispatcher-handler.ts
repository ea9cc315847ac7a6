import type { IncomingHttpHeaders } from "node:http";
import type { HeaderBag } from "@smithy/types";
import type { Dispatcher } from "undici";
import type { Exchange } from "./exchange.ts";
import { CANCELLED } from "./transport-errors.ts";

const OLD_DISPATCHER =
  "dispatcher must be one of undici 7 or later, such as Agent, ProxyAgent or MockAgent, and no pool of a MockAgent: this one calls handlers as undici 6 does";

/** An exchange on a caller's own dispatcher, in terms of the handlers that undici's have called since version 7. */
export class DispatcherHandler implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Not by an abort: a dispatcher of undici closes the connection for that, which has carried nothing of it yet.
    if (this.#exchange.isOver) throw CANCELLED;
    this.#exchange.assign({
      served: 0,
      abandon: () => controller.abort(CANCELLED),
      resume: () => controller.resume(),
    });
    this.#exchange.onSending();
  }

  onResponseStarted(): void {
    this.#exchange.onBytes();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    // An answer ahead of the answer, such as 103, is nobody's business.
    if (statusCode >= 200) this.#exchange.onHead(statusCode, flatten(headers), undefined);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#exchange.onBytes();
    if (!this.#exchange.onData(chunk, 0, chunk.byteLength)) controller.pause();
  }

  onResponseEnd(): void {
    this.#exchange.onComplete();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#exchange.onError(error);
  }

  /** Only older dispatchers call this, and call nothing of the above: the exchange would never end. */
  onConnect(): void {
    this.onError(undefined);
  }

  /** As {@link onConnect}. */
  onError(cause: Error | undefined): void {
    this.#exchange.onError(new TypeError(OLD_DISPATCHER, { cause }));
  }
}

/** Repeated headers as one, as HTTP allows and Smithy's header bag wants. */
function flatten(headers: IncomingHttpHeaders): HeaderBag {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(", ");
  }
  return headers as HeaderBag;
}
