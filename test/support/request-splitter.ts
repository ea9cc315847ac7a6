/** A request as it came in. */
export interface ParsedRequest {
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Cuts requests with a content-length out of the bytes of one connection. */
export class RequestSplitter {
  #bytes = Buffer.alloc(0);
  /** What came since, not joined yet: a large body is joined once, and not with every part of it. */
  #parts: Uint8Array[] = [];
  #length = 0;
  /** How many bytes make the request whole that has begun, as far as that is known. */
  #needed = 0;

  /** The requests that `chunk` completes. */
  push(chunk: Uint8Array): ParsedRequest[] {
    this.#parts.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return [];
    this.#bytes = Buffer.concat([this.#bytes, ...this.#parts]);
    this.#parts = [];
    const requests: ParsedRequest[] = [];
    for (let next = this.#shift(); next !== undefined; next = this.#shift()) requests.push(next);
    this.#length = this.#bytes.length;
    return requests;
  }

  #shift(): ParsedRequest | undefined {
    this.#needed = 0;
    const headEnd = this.#bytes.indexOf("\r\n\r\n");
    if (headEnd === -1) return undefined;
    const [requestLine = "", ...lines] = this.#bytes.toString("latin1", 0, headEnd).split("\r\n");
    const headers = Object.fromEntries(lines.map(parseHeader));
    const bodyStart = headEnd + 4;
    const bodyEnd = bodyStart + Number(headers["content-length"] ?? 0);
    this.#needed = bodyEnd;
    if (this.#bytes.length < bodyEnd) return undefined;
    const body = this.#bytes.subarray(bodyStart, bodyEnd);
    this.#bytes = this.#bytes.subarray(bodyEnd);
    return { path: requestLine.split(" ")[1] ?? "", headers, body };
  }
}

function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
