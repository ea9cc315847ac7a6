import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Answer } from "../client.ts";

const END_OF_HEAD = "\r\n\r\n";

/** A connection to the load server, whose answers are all alike: the first one's size is the size of all. */
export class RawConnection {
  readonly #socket: Socket;
  #headBytes = 0;
  #answerBytes = 0;
  #packets: Buffer[] = [];
  #received = 0;
  #resolve: (answer: Answer) => void = () => {};
  #reject: (error: Error) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (packet) => this.#read(packet));
    socket.on("error", (error) => this.#reject(error));
    socket.on("close", () => this.#reject(new Error("the load server closed the connection")));
  }

  static async open({ protocol, hostname, port }: URL): Promise<RawConnection> {
    const isTls = protocol === "https:";
    const address = { host: hostname, port: Number(port), servername: hostname };
    const socket = isTls ? connectTls(address) : connect(address);
    await once(socket, isTls ? "secureConnect" : "connect");
    return new RawConnection(socket);
  }

  /** Sends a whole request and resolves to its answer. One at a time. */
  exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request);
    });
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(packet: Buffer): void {
    this.#packets.push(packet);
    this.#received += packet.length;
    if (this.#answerBytes === 0) this.#learnSize();
    if (this.#answerBytes === 0 || this.#received < this.#answerBytes) return;
    const answer = this.#takeAnswer();
    this.#resolve({
      status: Number(answer.toString("latin1", "HTTP/1.1 ".length, "HTTP/1.1 200".length)),
      body: answer.subarray(this.#headBytes),
    });
  }

  #learnSize(): void {
    const start = this.#packets.length === 1 ? this.#packets[0]! : Buffer.concat(this.#packets);
    const end = start.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(start.toString("latin1", 0, end));
    this.#headBytes = end + END_OF_HEAD.length;
    this.#answerBytes = this.#headBytes + Number(length?.[1] ?? 0);
  }

  #takeAnswer(): Buffer {
    const answer = this.#packets.length === 1 ? this.#packets[0]! : Buffer.concat(this.#packets);
    this.#packets.length = 0;
    this.#received = 0;
    return answer;
  }
}
