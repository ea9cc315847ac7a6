import type { HttpRequest } from "../http.ts";
import { NOT_IN_VALUE, TOKEN } from "./http-syntax.ts";
import { requestTargetOf } from "./request-target.ts";

/** Those whose answers say themselves how they are framed; HEAD and CONNECT do not. */
const METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "GET", "DELETE", "OPTIONS"]);

/** Of those, the ones whose request says that it has no payload. */
const WITH_PAYLOAD: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

const PATH = /^\/[\x21-\x7e]*$/;

/** Headers that are about the connection, which is this transport's. */
const REFUSED: ReadonlySet<string> = new Set([
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What a header's value must be where it is not just any. */
type Kind = "plain" | "host" | "connection" | "content-length";

interface KnownHeader {
  readonly name: string;
  readonly kind: Kind;
  value: string | undefined;
  line: string;
}

/**
 * Makes the heads of requests to one origin. Nearly all requests have the same names in the same order as the one
 * before, and many of the same values: only what differs is checked and written anew.
 */
export class RequestHeads {
  readonly #host: string;
  /** Those of the newest request. */
  readonly #known: KnownHeader[] = [];

  /** @param host for requests that name none: the host of the origin, with its port */
  constructor(host: string) {
    this.#host = host;
  }

  /**
   * The request line and headers of a request, up to its payload.
   *
   * @throws {TypeError} for what HTTP/1.1 does not allow, or would have an end to end meaning that the transport does not
   *   keep; it names the part, and shows no header's value
   */
  headOf(request: HttpRequest): string {
    const { method, path, headers, body } = request;
    if (!METHODS.has(method)) {
      throw new TypeError(`the method of a request must be one of ${[...METHODS].join(", ")}, got ${method}`);
    }
    if (!PATH.test(path)) {
      throw new TypeError("the path of a request must begin with / and be percent-encoded when it is sent");
    }
    const length = body.byteLength;
    const lines = this.#linesOf(headers, length);
    const ending = length > 0 || WITH_PAYLOAD.has(method) ? `content-length: ${length}\r\n\r\n` : "\r\n";
    return `${method} ${requestTargetOf(request)} HTTP/1.1\r\n${lines}${ending}`;
  }

  #linesOf(headers: HttpRequest["headers"], length: number): string {
    let lines = "";
    let hasHost = false;
    let hasConnection = false;
    let index = 0;
    for (const name in headers) {
      const value: unknown = headers[name];
      if (value === undefined) continue;
      const header = this.#headerAt(index++, name);
      if (header.kind === "content-length") checkLength(value, length);
      else lines += value === header.value ? header.line : write(header, value);
      if (header.kind === "host") hasHost = onlyOnce(header, hasHost);
      if (header.kind === "connection") hasConnection = onlyOnce(header, hasConnection);
    }
    if (!hasHost) lines = `host: ${this.#host}\r\n${lines}`;
    return hasConnection ? lines : `${lines}connection: keep-alive\r\n`;
  }

  #headerAt(index: number, name: string): KnownHeader {
    const known = this.#known[index];
    if (known?.name === name) return known;
    const header = { name, kind: kindOf(name), value: undefined, line: "" };
    this.#known[index] = header;
    return header;
  }
}

function kindOf(name: string): Kind {
  if (!TOKEN.test(name)) throw new TypeError("the name of a header has characters that HTTP does not allow");
  const lower = name.toLowerCase();
  if (REFUSED.has(lower))
    throw new TypeError(`a request cannot have the header ${name}: connections are the client's`);
  return lower === "host" || lower === "connection" || lower === "content-length" ? lower : "plain";
}

function write(header: KnownHeader, value: unknown): string {
  const { name, kind } = header;
  if (typeof value !== "string") throw new TypeError(`the header ${name} must be a string when it is sent`);
  if (NOT_IN_VALUE.test(value))
    throw new TypeError(`the header ${name} has characters that HTTP does not allow`);
  if (kind === "connection" && value.toLowerCase() !== "keep-alive") {
    throw new TypeError("the header connection must be keep-alive: when to close one is the client's");
  }
  header.value = value;
  header.line = `${name}: ${value}\r\n`;
  return header.line;
}

/** The transport writes it by itself, as it is part of how the request is framed. */
function checkLength(value: unknown, length: number): void {
  if (String(value) !== String(length)) {
    throw new TypeError(`the header content-length must be that of the body, ${length}, when it is sent`);
  }
}

function onlyOnce({ name }: KnownHeader, hasOne: boolean): true {
  if (hasOne) throw new TypeError(`a request cannot have the header ${name} twice`);
  return true;
}
