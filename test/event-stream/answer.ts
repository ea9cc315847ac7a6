import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { ResponseStreamBody } from "../../lib/event-stream/response-stream.ts";
import { ByteStream } from "../../lib/transport/byte-stream.ts";
import { bytes } from "./bytes.ts";

export const METADATA = { httpStatusCode: 200, requestId: "request-1", attempts: 1 };

/** An answer whose bytes the test pushes, and what became of it. */
export class Answer {
  resumed = 0;
  cancelled = 0;
  /** What the end was told, once it came. */
  readonly ends: unknown[] = [];
  /** Errors that were given to the call to complete. */
  readonly mapped: unknown[] = [];
  readonly bytes: ByteStream;
  readonly body: ResponseStreamBody;

  constructor() {
    this.bytes = new ByteStream({ resume: () => this.resumed++, cancel: () => this.cancelled++ });
    this.bytes.end.onEnd((error) => this.ends.push(error));
    this.body = new ResponseStreamBody(this.bytes, {
      $metadata: METADATA,
      mapError: (error) => {
        this.mapped.push(error);
        return "raw" in (error as Error) ? new Error("typed", { cause: error }) : (error as Error);
      },
    });
  }

  push(...frames: Uint8Array[]): this {
    for (const frame of frames) this.bytes.push(frame);
    return this;
  }

  /** Pushes a part per text. */
  parts(...texts: string[]): this {
    return this.push(...texts.map((text) => payloadPartFrame(bytes(text))));
  }

  finish(): this {
    this.bytes.finish();
    return this;
  }
}

/** A failure as a transport reports it. */
export function rawFailure(): Error {
  return Object.assign(new Error("read ECONNRESET"), { raw: true });
}

/** What iteration yields, as text, and the error that ended it. */
export async function readEvents(body: ResponseStreamBody): Promise<{ texts: string[]; error: unknown }> {
  const texts: string[] = [];
  try {
    for await (const event of body) texts.push(Buffer.from(event.PayloadPart!.Bytes!).toString());
    return { texts, error: undefined };
  } catch (error) {
    return { texts, error };
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
