import { isIP, type OnReadOpts, type Socket, connect as tcpConnect } from "node:net";
import { type ConnectionOptions, connect as tlsConnect } from "node:tls";
import type { Clock } from "../clock.ts";
import type { EndpointUrl } from "../operations/operation.ts";
import { ConnectTimeout } from "./connect-timeout.ts";
import { ClosedEarlyError } from "./transport-errors.ts";
import { readBeforeWriteFails } from "./write-failure.ts";

/** TCP keep-alive probes after this much silence, so that NATs and load balancers keep the connection. */
const TCP_KEEP_ALIVE_MS = 30_000;

/** What becomes of a socket. */
export interface SocketListener {
  /** Where bytes that come in are put, over those before. */
  readonly readBuffer: Uint8Array;
  /** It is ready for requests. */
  onConnected(): void;
  /** The first `length` bytes of the buffer were read; `false` asks for a pause. */
  onBytes(length: number): boolean;
  /** The other side sends no more. */
  onEnd(): void;
  /** It could not be made, it broke, or it is closed: the first time, with the reason. */
  onFailed(error: Error): void;
}

/** Opens sockets to one origin. Bounds name look-up, TCP and TLS together. */
export class Connector {
  readonly #url: EndpointUrl;
  /** Without the brackets that a URL puts around an address of IPv6. */
  readonly #host: string;
  readonly #connectMs: number;
  readonly #clock: Clock;
  /** Of the newest TLS connection: with it, the next one takes a round trip less. */
  #tlsSession: Buffer | undefined;

  constructor(url: EndpointUrl, connectMs: number, clock: Clock) {
    this.#url = url;
    this.#host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    this.#connectMs = connectMs;
    this.#clock = clock;
  }

  open(listener: SocketListener): Socket {
    const isTls = this.#url.protocol === "https:";
    // Not as a stream: that makes an object of each piece, and memory, which costs more than a copy of what is needed.
    let hasRead = false;
    const onread: OnReadOpts = {
      buffer: listener.readBuffer,
      callback: (length) => {
        hasRead = true;
        return listener.onBytes(length);
      },
    };
    const socket = isTls ? this.#openTls(onread) : this.#openTcp(onread);
    readBeforeWriteFails(socket);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    const timeout = new ConnectTimeout(socket, this.#connectMs, this.#clock);
    socket.once(isTls ? "secureConnect" : "connect", () => {
      timeout.stop();
      listener.onConnected();
    });
    // It may be what a server, or another one behind the same balancer, does not take up: the next connection, which
    // the listener may open at once, does without.
    const doubtSession = () => {
      if (!hasRead) this.#tlsSession = undefined;
    };
    socket.on("end", () => {
      doubtSession();
      listener.onEnd();
    });
    socket.on("error", (error) => {
      doubtSession();
      listener.onFailed(error);
    });
    return socket.on("close", () => {
      timeout.stop();
      doubtSession();
      listener.onFailed(new ClosedEarlyError());
    });
  }

  #openTcp(onread: OnReadOpts): Socket {
    return tcpConnect({ host: this.#host, port: this.#url.port ?? 80, onread });
  }

  #openTls(onread: OnReadOpts): Socket {
    // `onread` is one of its options (nodejs.org/api/tls.html), which its types do not know.
    const options: ConnectionOptions & { onread: OnReadOpts } = {
      host: this.#host,
      port: this.#url.port ?? 443,
      servername: isIP(this.#host) === 0 ? this.#host : "",
      ALPNProtocols: ["http/1.1"],
      ...(this.#tlsSession && { session: this.#tlsSession }),
      onread,
    };
    return tlsConnect(options).on("session", (session) => {
      this.#tlsSession = session;
    });
  }
}
