import type { Dispatcher } from "undici";
import type { Attempt } from "../attempt.ts";
import type { Clock } from "../clock.ts";
import { attemptCancellationError } from "../errors/cancellation-error.ts";
import type { HttpRequest, HttpResponse } from "../http.ts";
import type { EndpointUrl } from "../operations/operation.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { Connector } from "./connector.ts";
import { Exchange } from "./exchange.ts";
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

  constructor({ url, connectMs, maxSockets, dispatcher, clock }: UndiciTransportOptions) {
    const { protocol, hostname, port } = url;
    this.#origin = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
    this.#dispatcher = dispatcher;
    this.#pool = new ConnectionPool(this.#origin, maxSockets, new Connector(connectMs, clock));
  }

  async send(request: HttpRequest, attempt: Attempt): Promise<HttpResponse> {
    refuseCancelled(attempt);
    const exchange = this.#createExchange(request, attempt);
    try {
      if (this.#dispatcher === undefined) this.#pool.dispatch(exchange);
      else this.#dispatcher.dispatch(exchange.options, exchange);
      return await exchange.response;
    } catch (error) {
      if (!exchange.isStale(error)) throw error;
    }
    return this.#sendOnFreshSocket(request, attempt);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  destroy(): void {
    this.#pool.destroy();
  }

  /**
   * The server had closed the idle connection when the request reached it, so the request was not looked at.
   * Other idle connections are likely closed too, hence a new one. It is done once: a new socket cannot be
   * stale, and what breaks there is an error of the attempt.
   */
  async #sendOnFreshSocket(request: HttpRequest, attempt: Attempt): Promise<HttpResponse> {
    const exchange = this.#createExchange(request, attempt);
    this.#pool.dispatchOnFreshSocket(exchange);
    return await exchange.response;
  }

  #createExchange(request: HttpRequest, attempt: Attempt): Exchange {
    const options: Dispatcher.DispatchOptions = {
      origin: this.#origin,
      path: request.path,
      method: request.method as Dispatcher.HttpMethod,
      headers: request.headers,
      body: request.body.byteLength === 0 ? null : request.body,
    };
    const exchange = new Exchange(options, attempt);
    attempt.running = exchange;
    return exchange;
  }
}

/** A layer above may have waited for something that does not end with the call. */
function refuseCancelled(attempt: Attempt): void {
  const { cancelled } = attempt.call;
  if (cancelled !== undefined) attempt.cancel(cancelled);
  if (attempt.cancelled !== undefined) throw attemptCancellationError(attempt);
}
