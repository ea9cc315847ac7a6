import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { Attempt } from "../attempt.ts";
import type { Clock } from "../clock.ts";
import { attemptCancellationError } from "../errors/cancellation-error.ts";
import type { HttpRequest } from "../http.ts";
import type { EndpointUrl } from "../operations/operation.ts";
import type { CallResult } from "../types.ts";
import { AnswerHeaders } from "./answer-headers.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { Connector } from "./connector.ts";
import { DispatcherHandler } from "./dispatcher-handler.ts";
import { Exchange, type ExchangeHost } from "./exchange.ts";
import { SEND_SLICE_BYTES, SlicedBody } from "./sliced-body.ts";
import type { Transport } from "./transport.ts";

export interface UndiciTransportOptions {
  readonly url: EndpointUrl;
  /** Bound of name look-up, TCP and TLS together, in milliseconds. */
  readonly connectMs: number;
  /** Connections kept to the endpoint; further exchanges queue for one. */
  readonly maxSockets: number;
  /** The caller's dispatcher: a proxy, a mock. It is the caller's to close. */
  readonly dispatcher: Dispatcher | undefined;
  readonly clock: Clock;
}

/** HTTP/1.1 with keep-alive on undici, one exchange at a time per connection. */
export class UndiciTransport implements Transport {
  readonly #origin: string;
  readonly #dispatcher: Dispatcher | undefined;
  readonly #pool: ConnectionPool;
  readonly #host: ExchangeHost = {
    answerHeaders: new AnswerHeaders(),
    // In a microtask: the connection that broke is still on its way out of the pool.
    sendAgain: (exchange) => queueMicrotask(() => this.#pool.dispatchOnFreshSocket(exchange)),
  };

  constructor({ url, connectMs, maxSockets, dispatcher, clock }: UndiciTransportOptions) {
    const { protocol, hostname, port } = url;
    this.#origin = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
    this.#dispatcher = dispatcher;
    this.#pool = new ConnectionPool(this.#origin, maxSockets, new Connector(connectMs, clock));
  }

  send(request: HttpRequest, attempt: Attempt): Promise<CallResult> {
    refuseCancelled(attempt);
    const exchange = new Exchange(this.#optionsOf(request, attempt), attempt, this.#host);
    attempt.running = exchange;
    if (this.#dispatcher === undefined) this.#pool.dispatch(exchange);
    else this.#dispatcher.dispatch(exchange.options, new DispatcherHandler(exchange));
    return exchange.result;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  destroy(): void {
    this.#pool.destroy();
  }

  #optionsOf(request: HttpRequest, attempt: Attempt): Dispatcher.DispatchOptions {
    return {
      origin: this.#origin,
      path: request.path,
      method: request.method as Dispatcher.HttpMethod,
      headers: request.headers,
      body: this.#bodyOf(request, attempt),
      // Nothing may follow a request on its connection as it is: there is one exchange at a time.
      blocking: false,
    };
  }

  /** A caller's own dispatcher gets a payload whole, whatever its size: it may want to look at it, or repeat it. */
  #bodyOf(request: HttpRequest, attempt: Attempt): Uint8Array | Readable | null {
    const body = bytesOf(request);
    if (body === null || body.byteLength <= SEND_SLICE_BYTES || this.#dispatcher !== undefined) return body;
    // A cast: undici takes anything that can be iterated, its types only some of it.
    return new SlicedBody(body, () => attempt.noteBytes()) as unknown as Readable;
  }
}

/** A layer may have put anything there, even after the signature; where undici finds that out, nobody catches it. */
function bytesOf({ body }: HttpRequest): Uint8Array | null {
  if (!(body instanceof Uint8Array)) {
    throw new TypeError(`the body of a request must be a Uint8Array when it is sent, got ${kindOf(body)}`);
  }
  return body.byteLength === 0 ? null : body;
}

/** What a value is, and nothing of what is in it. */
function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

/** A layer above may have waited for something that does not end with the call. */
function refuseCancelled(attempt: Attempt): void {
  const { cancelled } = attempt.call;
  if (cancelled !== undefined) attempt.cancel(cancelled);
  if (attempt.cancelled !== undefined) throw attemptCancellationError(attempt);
}
