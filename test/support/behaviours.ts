import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import type { Behaviour } from "./faulty-server.ts";

/** An answer to write; the defaults are those of a model that answers "7". */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** Announced length in place of the body's. */
  readonly length?: number;
}

/** An answer as bytes. */
export function http({ status = 200, headers = {}, body = "7", length }: Answer = {}): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    head(status, { "content-length": String(length ?? bytes.length), ...headers }),
    bytes,
  ]);
}

/** The head of an answer as bytes. */
export function head(status: number, headers: NonNullable<Answer["headers"]>): Buffer {
  const lines = [`HTTP/1.1 ${status} Scripted`, "x-amzn-requestid: request-1"];
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values].flat()) lines.push(`${name}: ${value}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

/** The head of an answer that streams events. */
export const STREAM_HEAD = head(200, {
  "content-type": "application/vnd.amazon.eventstream",
  "x-amzn-invoked-production-variant": "blue",
  "transfer-encoding": "chunked",
});

/** The end of an answer that streams events. */
export const STREAM_END = Buffer.from("0\r\n\r\n");

/** One event frame as a chunk of HTTP. */
export function chunk(frame: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${frame.length.toString(16)}\r\n`), frame, Buffer.from("\r\n")]);
}

/** One part of the model's answer as a chunk of HTTP. */
export function part(text: string): Buffer {
  return chunk(payloadPartFrame(Buffer.from(text)));
}

/** Writes bytes, be they HTTP or not, and leaves the connection open. */
export function sends(...pieces: (string | Uint8Array)[]): Behaviour {
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  return ({ socket }) => socket.write(bytes);
}

/** Writes bytes, then closes its side. */
export function sendsAndHangsUp(...pieces: (string | Uint8Array)[]): Behaviour {
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  return ({ socket }) => socket.end(bytes);
}

/** Writes bytes, then resets the connection. */
export function sendsAndResets(...pieces: (string | Uint8Array)[]): Behaviour {
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  return ({ socket }) => socket.write(bytes, () => socket.resetAndDestroy());
}

export function answers(answer?: Answer): Behaviour {
  return sends(http(answer));
}

/** Answers with an error of the service. */
export function fails(status: number, code: string, message = "scripted"): Behaviour {
  return answers({
    status,
    headers: { "x-amzn-errortype": code },
    body: JSON.stringify({ Message: message }),
  });
}

export const unavailable = fails(503, "ServiceUnavailable");

/** Takes the request and never says a word. */
export const silence: Behaviour = () => {};

/** Resets the connection, as a server does that had closed it while the request was on its way. */
export const resets: Behaviour = ({ socket }) => socket.resetAndDestroy();

/** Closes its side without an answer. */
export const hangsUp: Behaviour = ({ socket }) => socket.end();
