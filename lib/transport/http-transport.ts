import type { Dispatcher } from "undici";
import type { Attempt } from "../attempt.ts";
import type { Clock } from "../clock.ts";
import { attemptCancellationError } from "../errors/cancellation-error.ts";
import type { HttpRequest } from "../http.ts";
import type { EndpointUrl } from "../operations/operation.ts";
import type { CallResult } from "../types.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { Connector } from "./connector.ts";
import { DispatcherHandler } from "./dispatcher-handler.ts";
import { Exchange } from "./exchange.ts";
import { RequestHeads } from "./request-head.ts";
import { requestTargetOf } from "./request-target.ts";
import type { Transport } from "./transport.ts";

export interface HttpTransportOptions {
  readonly url: EndpointUrl;
  /** Bound of name look-up, TCP and TLS together, in milliseconds. */
  readonly connectMs: number;
  /** Connections kept to the endpoint; further exchanges queue for one. */
  readonly maxSockets: number;
  /** The caller's dispatcher: a proxy, a mock. It is the caller's to close. */
  readonly dispatcher: Dispatcher | undefined;
  readonly clock: Clock;
}

/**
 * HTTP/1.1 with keep-alive, one exchange at a time per connection, or whatever the caller's dispatcher speaks. It speaks
 * for itself, where undici could: measured, undici's client was half of what a call cost.
 */
export class HttpTransport implements Transport {
  readonly #url: EndpointUrl;
  readonly #origin: string;
  readonly #dispatcher: Dispatcher | undefined;
  readonly #heads: RequestHeads;
  readonly #pool: ConnectionPool;

  constructor({ url, connectMs, maxSockets, dispatcher, clock }: HttpTransportOptions) {
    this.#url = url;
    this.#origin = `${url.protocol}//${url.host}`;
    this.#dispatcher = dispatcher;
    this.#heads = new RequestHeads(url.host);
    this.#pool = new ConnectionPool(new Connector(url, connectMs, clock), maxSockets, clock);
  }

  send(request: HttpRequest, attempt: Attempt): Promise<CallResult> {
    refuseCancelled(attempt);
    checkPlace(request, this.#url);
    checkBody(request);
    return this.#dispatcher === undefined
      ? this.#sendByPool(request, attempt)
      : this.#sendBy(this.#dispatcher, request, attempt);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  destroy(): void {
    this.#pool.destroy();
  }

  #sendByPool(request: HttpRequest, attempt: Attempt): Promise<CallResult> {
    const { body } = request;
    const outgoing = { head: this.#heads.headOf(request), payload: body, payloadBytes: body.byteLength };
    const exchange = new Exchange(attempt, outgoing, this.#sendAgain);
    attempt.running = exchange;
    this.#pool.dispatch(exchange);
    return exchange.result;
  }

  /** A caller's own dispatcher gets a payload whole, whatever its size: it may want to look at it, or repeat it. */
  #sendBy(dispatcher: Dispatcher, request: HttpRequest, attempt: Attempt): Promise<CallResult> {
    const exchange = new Exchange(attempt);
    attempt.running = exchange;
    const options: Dispatcher.DispatchOptions = {
      origin: this.#origin,
      path: requestTargetOf(request),
      method: request.method as Dispatcher.HttpMethod,
      headers: request.headers,
      body: request.body.byteLength === 0 ? null : request.body,
      // Nothing may follow a request on its connection as it is: there is one exchange at a time.
      blocking: false,
    };
    try {
      dispatcher.dispatch(options, new DispatcherHandler(exchange));
    } catch (error) {
      // What is left open would be cancelled with its call, when nobody waits for it any more.
      exchange.onError(error as Error);
    }
    return exchange.result;
  }

  /**
   * In a microtask: the connection that broke is still on its way out of the pool. Not by `queueMicrotask`, which fake
   * timers in the tests of a user hold up.
   */
  readonly #sendAgain = (exchange: Exchange): void => {
    void Promise.resolve().then(() => this.#pool.dispatchOnFreshSocket(exchange));
  };
}

/** The connections are to one place. To send a request there that a layer wants elsewhere would be worse than not to. */
function checkPlace({ protocol, hostname, port }: HttpRequest, url: EndpointUrl): void {
  const isThere = protocol === url.protocol && hostname === url.hostname;
  if (isThere && (port === url.port || portOf(protocol, port) === portOf(protocol, url.port))) return;
  const asked = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
  throw new TypeError(
    `a request cannot be sent to ${asked} by a client of ${url.protocol}//${url.host}: make a client for each endpoint`,
  );
}

function portOf(protocol: string, port: number | undefined): number {
  return port ?? (protocol === "https:" ? 443 : 80);
}

/** A layer may have put anything there, even after the signature. */
function checkBody({ body }: HttpRequest): void {
  if (body instanceof Uint8Array) return;
  throw new TypeError(`the body of a request must be a Uint8Array when it is sent, got ${kindOf(body)}`);
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
