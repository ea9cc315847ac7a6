import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { plainAnswer, requestIdOf, streamAnswer } from "./answers.ts";
import { RequestReader } from "./request-reader.ts";

/** Answers that are prebuilt: enough that a client sees another request id each time, as from the service. */
const ANSWERS = 16;

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

export interface LoadServerOptions {
  /** Length of the body that every request must have. */
  readonly requestBytes: number;
  /** Length of the body of every answer; of every part, where the answers are streams. */
  readonly responseBytes: number;
  /** Answer with event streams of so many parts. */
  readonly streamParts?: number;
  /** Serve TLS with these PEM files. */
  readonly tls?: { readonly keyFile: string; readonly certFile: string };
}

/** What the server has seen since it started. */
export interface LoadServerCounts {
  /** Whole requests that were answered with 200. */
  readonly answered: number;
  /** Requests that were refused with 400, and connections that ended amid a request. */
  readonly refused: number;
  /** Why the latest of them was refused. */
  readonly refusal: string | undefined;
}

/**
 * The other end of the bench: answers every whole POST with prebuilt bytes, shaped like an answer of the service and
 * the same but for the id of the request. It reads HTTP/1.1 off bare sockets, because `node:http` would cost more than
 * most clients under test; it checks no signature, and it never looks at a payload.
 */
export class LoadServer {
  readonly #server: Server;
  readonly #requestBytes: number;
  readonly #answers: readonly Buffer[];
  readonly #sockets = new Set<Socket>();
  #answered = 0;
  #sent = 0;
  #refused = 0;
  #refusal: string | undefined;

  private constructor(options: LoadServerOptions) {
    const { requestBytes, responseBytes, streamParts, tls } = options;
    this.#requestBytes = requestBytes;
    this.#answers = Array.from({ length: ANSWERS }, (_, number) => requestIdOf(number)).map((requestId) =>
      streamParts === undefined
        ? plainAnswer(responseBytes, requestId)
        : streamAnswer(streamParts, responseBytes, requestId),
    );
    const serve = (socket: Socket) => this.#serve(socket);
    this.#server =
      tls === undefined
        ? createServer({ noDelay: true }, serve)
        : createTlsServer(
            { noDelay: true, key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile) },
            serve,
          );
  }

  /** Listens on a free port of loopback. */
  static async listen(options: LoadServerOptions): Promise<LoadServer> {
    const server = new LoadServer(options);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get counts(): LoadServerCounts {
    return { answered: this.#answered, refused: this.#refused, refusal: this.#refusal };
  }

  /** Ends the open connections and the server. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(socket: Socket): void {
    const reader = new RequestReader(this.#requestBytes, () => void socket.write(CONTINUE));
    this.#sockets.add(socket);
    socket.on("data", (packet) => this.#read(socket, reader, packet));
    socket.on("end", () => {
      if (reader.isAmidRequest) this.#countRefusal("a connection that ended amid a request");
    });
    socket.on("close", () => this.#sockets.delete(socket));
    // A client that exits may reset its connections. Requests lost that way are missing in `answered`.
    socket.on("error", () => socket.destroy());
  }

  #read(socket: Socket, reader: RequestReader, packet: Buffer): void {
    try {
      const whole = reader.feed(packet);
      this.#answered += whole;
      if (whole === 1) this.#write(socket);
      else if (whole > 1) this.#writeMany(socket, whole);
    } catch (error) {
      this.#refuse(socket, error instanceof Error ? error.message : String(error));
    }
  }

  #writeMany(socket: Socket, answers: number): void {
    socket.cork();
    for (let i = 0; i < answers; i++) this.#write(socket);
    socket.uncork();
  }

  #write(socket: Socket): void {
    socket.write(this.#answers[this.#sent++ % ANSWERS]!);
  }

  #refuse(socket: Socket, reason: string): void {
    this.#countRefusal(reason);
    socket.removeAllListeners("data").removeAllListeners("end").resume();
    socket.end(
      `HTTP/1.1 400 Bad Request\r\ncontent-length: ${reason.length}\r\nconnection: close\r\n\r\n${reason}`,
    );
  }

  #countRefusal(reason: string): void {
    this.#refused++;
    this.#refusal = reason;
  }
}
