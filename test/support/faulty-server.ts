import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { onTestFinished } from "vitest";
import { type ParsedRequest, RequestSplitter } from "./request-splitter.ts";

/** A request that the server saw. */
export interface SeenRequest extends ParsedRequest {
  /** Number of the connection that it came on, from 1. */
  readonly connection: number;
  readonly socket: Socket;
}

/** What the server does with one request: anything that can be done to a socket. */
export type Behaviour = (request: SeenRequest) => void;

/** One behaviour per request, the last one for all that follow; or a function that looks at the request. */
export type Script = readonly Behaviour[] | ((request: SeenRequest) => Behaviour);

/** Key and certificate in PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

/** An HTTP/1.1 server on loopback that does what a script says, and counts. It never closes by itself. */
export class FaultyServer {
  readonly requests: SeenRequest[] = [];
  /** Connections accepted so far. */
  connections = 0;
  /** The largest number of connections that were open at once. */
  maxOpenSockets = 0;
  readonly #open = new Set<Socket>();
  readonly #server: Server;
  readonly #scheme: "http" | "https";
  #script: Script;
  #played = 0;
  #waiters: { readonly holds: () => boolean; readonly resolve: () => void }[] = [];

  /** Starts a server that is stopped when the running test is over. */
  static async start(script: Script, tls?: TlsIdentity): Promise<FaultyServer> {
    const server = new FaultyServer(script, tls);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    onTestFinished(() => server.stop());
    return server;
  }

  private constructor(script: Script, tls: TlsIdentity | undefined) {
    this.#script = script;
    this.#scheme = tls === undefined ? "http" : "https";
    const accept = (socket: Socket) => this.#accept(socket);
    this.#server =
      tls === undefined
        ? createServer({ noDelay: true, allowHalfOpen: true }, accept)
        : createTlsServer({ ...tls }, accept);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#scheme}://localhost:${this.port}`;
  }

  /** Where connections are taken and the TLS handshake is never answered. */
  get deafUrl(): string {
    return `https://localhost:${this.port}`;
  }

  /** Connections that are open now, oldest first. */
  get sockets(): Socket[] {
    return [...this.#open];
  }

  get openSockets(): number {
    return this.#open.size;
  }

  /** Changes what is done from now on. */
  play(script: Script): void {
    this.#script = script;
    this.#played = 0;
  }

  /** Resolves once `holds` does, which is looked at whenever a connection or a request comes or goes. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ holds, resolve }));
  }

  /** Resolves once `count` requests were seen in all. */
  received(count: number): Promise<void> {
    return this.until(() => this.requests.length >= count);
  }

  /** Resolves once no connection is open. */
  emptied(): Promise<void> {
    return this.until(() => this.openSockets === 0);
  }

  /** Stops listening: connections that exist live on. */
  refuse(): void {
    this.#server.close();
  }

  /** Listens again on the port that it had. */
  async listenAgain(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #accept(socket: Socket): void {
    const connection = ++this.connections;
    const splitter = new RequestSplitter();
    this.#open.add(socket);
    this.maxOpenSockets = Math.max(this.maxOpenSockets, this.#open.size);
    socket.on("data", (chunk) => {
      for (const request of splitter.push(chunk)) this.#serve({ ...request, connection, socket });
    });
    // A client that leaves ends its side; a reset is what many of the tests are about.
    socket.on("end", () => socket.end());
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#open.delete(socket);
      this.#changed();
    });
    this.#changed();
  }

  #serve(request: SeenRequest): void {
    this.requests.push(request);
    behaviourOf(this.#script, this.#played++, request)(request);
    this.#changed();
  }

  #changed(): void {
    const met = this.#waiters.filter(({ holds }) => holds());
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve();
  }
}

function behaviourOf(script: Script, index: number, request: SeenRequest): Behaviour {
  if (typeof script === "function") return script(request);
  const behaviour = script[Math.min(index, script.length - 1)];
  if (behaviour === undefined) throw new Error("the script is empty");
  return behaviour;
}
