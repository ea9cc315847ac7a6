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
export interface HeaderLayout {
  /** Names of the signed headers, sorted. */
  readonly signed: readonly string[];
  /** Those names as the canonical request and the authorization header list them. */
  readonly list: string;
}

/** Layouts that are kept; names come from users' layers, and a stream of new ones must not grow memory. */
const MAX_LAYOUTS = 256;

/** The layouts of the requests that were seen, by their header names. */
export class HeaderLayouts {
  readonly #layouts = new Map<string, HeaderLayout | undefined>();

  /** The layout for these names; `undefined` where one of them needs more than is done here. */
  of(names: readonly string[]): HeaderLayout | undefined {
    const key = names.join();
    const known = this.#layouts.get(key);
    if (known !== undefined || this.#layouts.has(key)) return known;
    if (this.#layouts.size >= MAX_LAYOUTS) this.#layouts.clear();
    const layout = layoutOf(names);
    this.#layouts.set(key, layout);
    return layout;
  }
}

function layoutOf(names: readonly string[]): HeaderLayout | undefined {
  if (names.some((name) => NOT_MADE_FOR.test(name))) return undefined;
  const signed = names.filter(isSigned).sort();
  return { signed, list: signed.join(";") };
}

function isSigned(name: string): boolean {
  return !NEVER_SIGNED.has(name) && !TRACING_HEADERS.has(name) && !/^(?:proxy|sec)-/.test(name);
}
