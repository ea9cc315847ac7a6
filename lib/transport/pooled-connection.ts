import type { Socket } from "node:net";
import type { Connector } from "./connector.ts";
import type { Connection, Exchange } from "./exchange.ts";
import { Client } from "./undici.ts";

/** Idle sockets are closed before the service does it at 60 s: a request on a closed one is lost. */
const KEEP_ALIVE_MS = 50_000;

/** Largest head of an answer in bytes, as Node has it: to ask Node for it would load all of `node:http`. */
const MAX_HEAD_BYTES = 16_384;

/** What the pool wants to know of its connections. */
export interface ConnectionListener {
  /** It has ended what it carried and may carry the next. */
  readonly onFree: (connection: PooledConnection) => void;
  /** It could not be made, or was abandoned: it is not to be used again. */
  readonly onLost: (connection: PooledConnection) => void;
}

/** A connection of the pool, on undici's client: its socket is made, and made again, as it is needed. */
export class PooledConnection implements Connection {
  served = 0;
  /** What it carries. */
  exchange: Exchange | undefined;
  readonly #client: Client;
  readonly #listener: ConnectionListener;
  #connecting: Socket | undefined;

  constructor(origin: string, connector: Connector, listener: ConnectionListener) {
    this.#listener = listener;
    this.#client = new Client(origin, {
      pipelining: 1,
      // undici's own header and body timeouts are off: `socketTimeout` is ours, and per attempt.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEAD_BYTES,
      connect: (target, callback) => {
        this.#connecting = connector.open(target, (...result) => {
          this.#connecting = undefined;
          callback(...result);
        });
      },
    });
    this.#client.on("disconnect", () => {
      this.served = 0;
    });
    this.#client.on("drain", () => listener.onFree(this));
    this.#client.on("connectionError", () => listener.onLost(this));
  }

  run(exchange: Exchange): void {
    this.exchange = exchange;
    exchange.assign(this);
    this.#client.dispatch(exchange.options, exchange);
  }

  abandon(): void {
    this.destroy();
    this.#listener.onLost(this);
  }

  /** Closes the socket once what it carries has ended. */
  close(): Promise<void> {
    return this.#client.close();
  }

  /** Closes the socket now. */
  destroy(): void {
    this.#connecting?.destroy();
    void this.#client.destroy();
  }
}
