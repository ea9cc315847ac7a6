import type { HeaderBag } from "@smithy/types";
import { CanonicalRequest } from "./canonical-request.ts";

/** Headers that something between signing and sending may add or change; SigV4 leaves them out. */
const NEVER_SIGNED: ReadonlySet<string> = new Set([
  "authorization",
  "cache-control",
  "connection",
  "expect",
  "from",
  "keep-alive",
  "max-forwards",
  "pragma",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "x-amzn-trace-id",
]);

/** Tracing headers: instrumentation rewrites them at each attempt, after signing. */
export const TRACING_HEADERS: ReadonlySet<string> = new Set(["traceparent", "tracestate", "baggage"]);

/** Names that the signer sets itself, or whose signing is more than copying them. */
const NOT_MADE_FOR = /[A-Z]|^(?:date|authorization|__proto__)$/;

/** Which of a request's headers are signed, and in which order. The same for every request of one shape. */
export class HeaderLayout {
  /** Names of the request's own headers, in their order. */
  readonly #names: readonly string[];
  readonly #hasToken: boolean;
  /** Every header of the signed request, without a value. */
  readonly #blank: HeaderBag = {};
  /** Which headers are signed, as the authorization header says ahead of the signature. */
  readonly signedHeaders: string;
  readonly canonicalRequest: CanonicalRequest;

  constructor(names: readonly string[], hasToken: boolean) {
    this.#names = names;
    this.#hasToken = hasToken;
    const added = hasToken ? ["x-amz-date", "x-amz-security-token"] : ["x-amz-date"];
    for (const name of [...names, ...added, "authorization"]) this.#blank[name] = "";
    const signed = Object.keys(this.#blank).filter(isSigned).sort();
    const list = signed.join(";");
    this.signedHeaders = `SignedHeaders=${list}, Signature=`;
    this.canonicalRequest = new CanonicalRequest(signed, list);
  }

  /** Whether these headers have the same names in the same order. */
  isOf(headers: HeaderBag, hasToken: boolean): boolean {
    let index = 0;
    for (const name in headers) {
      if (name !== this.#names[index++]) return false;
    }
    return index === this.#names.length && hasToken === this.#hasToken;
  }

  /**
   * A copy with room for what the signer adds. An object that is copied whole and then filled is ten times
   * cheaper than one that grows by a header at a time.
   */
  copy(headers: HeaderBag): HeaderBag {
    const copy = { ...this.#blank };
    for (const name of this.#names) copy[name] = headers[name]!;
    return copy;
  }
}

/** Layouts that are kept; names come from users' layers, and a stream of new ones must not grow memory. */
const MAX_LAYOUTS = 256;

/** The layouts of the requests that were seen, by their header names. */
export class HeaderLayouts {
  readonly #layouts = new Map<string, HeaderLayout | undefined>();
  /** Of the newest request: most are like the one before. */
  #latest: HeaderLayout | undefined;

  /** The layout for these headers; `undefined` where one of their names needs more than is done here. */
  of(headers: HeaderBag, hasToken: boolean): HeaderLayout | undefined {
    if (this.#latest?.isOf(headers, hasToken) !== true) this.#latest = this.#find(headers, hasToken);
    return this.#latest;
  }

  #find(headers: HeaderBag, hasToken: boolean): HeaderLayout | undefined {
    const names = Object.keys(headers);
    const key = `${hasToken} ${names.join()}`;
    const known = this.#layouts.get(key);
    if (known !== undefined || this.#layouts.has(key)) return known;
    if (this.#layouts.size >= MAX_LAYOUTS) this.#layouts.clear();
    const layout = names.some((name) => NOT_MADE_FOR.test(name))
      ? undefined
      : new HeaderLayout(names, hasToken);
    this.#layouts.set(key, layout);
    return layout;
  }
}

function isSigned(name: string): boolean {
  return !NEVER_SIGNED.has(name) && !TRACING_HEADERS.has(name) && !/^(?:proxy|sec)-/.test(name);
}
