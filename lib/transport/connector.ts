import { isIP, type Socket, connect as tcpConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import type { buildConnector } from "undici";
import type { Clock } from "../clock.ts";
import { gatherWrites } from "./gathered-writes.ts";
import { errors } from "./undici.ts";

/** TCP keep-alive probes after this much silence, so that NATs and load balancers keep the connection. */
const TCP_KEEP_ALIVE_MS = 30_000;

/**
 * Opens sockets to one origin, for undici. undici's own connector bounds connecting by timers that tick
 * every half second, and gives no way to stop.
 */
export class Connector {
  readonly #connectMs: number;
  readonly #clock: Clock;
  /** Of the newest TLS connection: with it, the next one takes a round trip less. */
  #tlsSession: Buffer | undefined;

  constructor(connectMs: number, clock: Clock) {
    this.#connectMs = connectMs;
    this.#clock = clock;
  }

  /**
   * Calls back once: with the socket when it is ready for requests, or with the reason why it is not.
   * Destroying the socket that is returned is one.
   */
  open(target: buildConnector.Options, callback: buildConnector.Callback): Socket {
    const isTls = target.protocol === "https:";
    const socket = isTls ? this.#openTls(target) : openTcp(target);
    gatherWrites(socket);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    const timer = this.#clock.setTimeout(expire, this.#connectMs, socket);
    const connected = isTls ? "secureConnect" : "connect";
    const stopListening = () => {
      this.#clock.clearTimeout(timer);
      socket.off(connected, onConnected).off("error", onFailed).off("close", onClosed);
    };
    const onConnected = () => {
      stopListening();
      callback(null, socket);
    };
    const onFailed = (error: Error) => {
      stopListening();
      callback(error, null);
    };
    const onClosed = () => onFailed(new errors.RequestAbortedError("given up while connecting"));
    return socket.on(connected, onConnected).on("error", onFailed).on("close", onClosed);
  }

  #openTls({ hostname, port, servername }: buildConnector.Options): Socket {
    const socket = tlsConnect({
      host: hostname,
      port: Number(port || 443),
      servername: servername || (isIP(hostname) === 0 ? hostname : ""),
      ALPNProtocols: ["http/1.1"],
      ...(this.#tlsSession && { session: this.#tlsSession }),
    });
    return socket.on("session", (session) => {
      this.#tlsSession = session;
    });
  }
}

function openTcp({ hostname, port }: buildConnector.Options): Socket {
  return tcpConnect({ host: hostname, port: Number(port || 80) });
}

function expire(socket: Socket): void {
  socket.destroy(new errors.ConnectTimeoutError("no connection in time"));
}
