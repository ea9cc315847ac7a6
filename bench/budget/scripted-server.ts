import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";
const ANSWER_BYTES = 1024;

/** A loopback endpoint for counting, not for load: answers with the next status of a script, 200 where it has ended. */
export class ScriptedServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #script: number[] = [];
  /** Request line and headers of the latest request, without the empty line. */
  latestHead = "";

  private constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  static async listen(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The statuses of the next answers. */
  answerWith(...statuses: number[]): void {
    this.#script.push(...statuses);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(socket: Socket): void {
    let received = "";
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
      const headEnd = received.indexOf(HEAD_END);
      if (headEnd < 0) return;
      const head = received.slice(0, headEnd);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < headEnd + HEAD_END.length + length) return;
      received = "";
      this.latestHead = head;
      socket.write(answer(this.#script.shift() ?? 200));
    });
  }
}

function answer(status: number): Buffer {
  const body = status === 200 ? Buffer.alloc(ANSWER_BYTES, "0.5,") : Buffer.from('{"Message":"scripted"}');
  const head = [
    `HTTP/1.1 ${status} Scripted`,
    "x-amzn-RequestId: 4c1f2a9e-6d0b-4a52-9a1e-0c6f1a8f7b11",
    "x-amzn-Invoked-Production-Variant: AllTraffic",
    ...(status === 200 ? [] : ["x-amzn-ErrorType: ServiceUnavailable"]),
    `Content-Length: ${body.byteLength}`,
  ];
  return Buffer.concat([Buffer.from(head.join("\r\n") + HEAD_END, "latin1"), body]);
}
