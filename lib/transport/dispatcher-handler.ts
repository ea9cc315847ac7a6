import type { IncomingHttpHeaders } from "node:http";
import type { HeaderBag } from "@smithy/types";
import type { Dispatcher } from "undici";
import type { Exchange } from "./exchange.ts";

/** An exchange on a caller's own dispatcher, in terms of the handlers that every dispatcher of undici takes. */
export class DispatcherHandler implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#exchange.onConnect((reason) => controller.abort(reason));
  }

  onResponseStarted(): void {
    this.#exchange.onResponseStarted();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#exchange.headArrived(statusCode, flatten(headers), () => controller.resume());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (!this.#exchange.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#exchange.onComplete();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#exchange.onError(error);
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
