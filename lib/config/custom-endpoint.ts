import type { EndpointUrl } from "../operations/operation.ts";
import { checkInteger, invalidOption } from "../validate.ts";

/** An endpoint in parts, in the shape that the AWS SDK calls `Endpoint`. */
export interface EndpointParts {
  /** `https` or `http`, with or without a colon. */
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  /** Put in front of every path. @default "/" */
  readonly path?: string | undefined;
}

/** Where requests go instead of the region's own endpoint. `{ url }` is what the SDK calls `EndpointV2`. */
export type EndpointInput = string | URL | EndpointParts | { readonly url: URL };

const HOST_ALLOWED = "a host name or an IP address";
const ALLOWED = "an http:// or https:// URL without user, query and fragment";

/**
 * Checks a custom endpoint and takes it apart.
 *
 * @param origin where it was set, for the error: `endpoint`, or the name of a variable
 * @throws {RangeError} for what is not such a URL; {@link TypeError} for parts that would be ignored
 */
export function parseEndpoint(value: EndpointInput, origin: string, allowInsecure: boolean): EndpointUrl {
  const url = toUrl(value, origin);
  if (url.username !== "" || url.password !== "") throw unshownUrl(origin);
  const isHttp = url.protocol === "http:";
  if ((!isHttp && url.protocol !== "https:") || url.search !== "" || url.hash !== "") {
    throw invalidOption(origin, ALLOWED, upToQuery(url.href));
  }
  if (isHttp && !allowInsecure && !isLoopback(url.hostname)) {
    throw invalidOption(
      origin,
      "https:// (or set allowInsecureEndpoint: true to send payloads in clear text)",
      url.href,
    );
  }
  return {
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port === "" ? undefined : Number(url.port),
    host: url.host,
    basePath: url.pathname.replace(/\/+$/, ""),
  };
}

function toUrl(value: EndpointInput, origin: string): URL {
  if (typeof value === "string") return parseText(value, origin);
  if (value instanceof URL) return value;
  if (typeof value !== "object" || value === null)
    throw invalidOption(origin, `${ALLOWED}, or a URL object`, value);
  refuseExtras(value, origin);
  if (!("url" in value)) return fromParts(value, origin);
  return parseText(String(value.url), `${origin}.url`);
}

function parseText(text: string, origin: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw text.includes("@") ? unshownUrl(origin) : invalidOption(origin, ALLOWED, text);
}

/** The error for a value that may hold a password. */
function unshownUrl(origin: string, allowed = ALLOWED): RangeError {
  return new RangeError(
    `${origin} must be ${allowed}, got one with an "@" (not shown: it may hold a password)`,
  );
}

/** Without what may be a token. */
function upToQuery(text: string): string {
  return text.replace(/[?#].*$/s, "?...");
}

function fromParts({ protocol, hostname, port, path = "/" }: EndpointParts, origin: string): URL {
  if (typeof protocol !== "string" || !/^https?:?$/.test(protocol)) {
    throw invalidOption(`${origin}.protocol`, '"https:" or "http:"', protocol);
  }
  const host =
    typeof hostname === "string" && hostname.includes(":")
      ? `[${hostname.replace(/^\[|\]$/g, "")}]`
      : hostname;
  const base = `${protocol.replace(":", "")}://${host}`;
  // A URL parser takes whatever follows a slash, a colon or an @ for something else than the host.
  if (typeof host !== "string" || !URL.canParse(base) || new URL(base).host !== host.toLowerCase()) {
    if (String(hostname).includes("@")) throw unshownUrl(`${origin}.hostname`, HOST_ALLOWED);
    throw invalidOption(`${origin}.hostname`, HOST_ALLOWED, hostname);
  }
  if (typeof path !== "string" || !/^(\/[^?#]*)?$/.test(path)) {
    throw invalidOption(
      `${origin}.path`,
      'a path that starts with "/", without query and fragment',
      typeof path === "string" ? upToQuery(path) : path,
    );
  }
  const suffix = port === undefined ? "" : `:${checkInteger(`${origin}.port`, port, 1, 65_535)}`;
  return new URL(`${base}${suffix}${path}`);
}

/** Fields of the SDK's endpoint shapes that say something which we would not do. */
function refuseExtras(value: object, origin: string): void {
  for (const [key, extra] of Object.entries(value)) {
    if (!["query", "headers", "properties"].includes(key) || extra === undefined || extra === null) continue;
    if (Object.keys(extra).length > 0) throw new TypeError(`${origin}.${key} is not honoured: leave it out`);
  }
}

/** Whether a host, as a URL spells it, is this machine. */
export function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]") return true;
  return /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
