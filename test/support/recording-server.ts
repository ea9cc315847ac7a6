import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the server answers; `undefined`: it never answers. */
export interface CannedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The body is not sent before this. */
  readonly bodyAfter?: Promise<void>;
}

/** An HTTP server on loopback that records what it is sent and answers as it is told. */
export class RecordingServer implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  answer: CannedAnswer | undefined = { status: 200 };
  #script: CannedAnswer[] = [];
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<RecordingServer> {
    const recording = new RecordingServer();
    recording.#server.listen(0, "127.0.0.1");
    await once(recording.#server, "listening");
    return recording;
  }

  /** Answers with one after the other from now on; the last one repeats. */
  script(answers: readonly CannedAnswer[]): void {
    this.#script = [...answers];
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url } = request;
    const headers = request.headers as Record<string, string>;
    this.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString("hex") });
    this.answer = this.#script.shift() ?? this.answer;
    if (this.answer === undefined) return;
    const { status, headers: answered = {}, body = "", bodyAfter } = this.answer;
    response.writeHead(status, answered);
    if (bodyAfter !== undefined) {
      response.flushHeaders();
      await bodyAfter;
    }
    response.end(body);
  }
}
