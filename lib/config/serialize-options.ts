import type { EndpointUrl, SerializeSettings } from "../operations/operation.ts";
import { checkInteger, checkKeys, checkObject } from "../validate.ts";
import { type EndpointInput, parseEndpoint } from "./custom-endpoint.ts";
import { userAgentOf } from "./user-agent.ts";

/** What the service's documentation allows. */
export const DEFAULT_MAX_BODY_BYTES = 25 * 1024 * 1024;

export interface SerializeOptions {
  /** Where the client sends requests: `client.config.url`, or the `endpoint` that it was made with. */
  readonly url: EndpointUrl | EndpointInput;
  /**
   * Largest payload in bytes; a larger one is an InvalidInputError.
   * @default 26_214_400 - the 25 MB of the service's documentation
   */
  readonly maxBodyBytes?: number | undefined;
  /** Headers that every request carries. @default the `user-agent` of this package */
  readonly fixedHeaders?: Readonly<Record<string, string>> | undefined;
}

/**
 * @throws {RangeError} for what is no URL, or `http://` to another machine, or no size
 * @throws {TypeError} for an option that does not exist
 */
export function resolveSerialize(options: SerializeOptions): SerializeSettings {
  checkKeys("serialize", options, ["url", "maxBodyBytes", "fixedHeaders"]);
  const { url, maxBodyBytes = DEFAULT_MAX_BODY_BYTES, fixedHeaders = defaultHeaders() } = options;
  checkObject("serialize.fixedHeaders", fixedHeaders);
  return {
    url: isTakenApart(url) ? url : parseEndpoint(url, "serialize.url", false),
    maxBodyBytes: checkInteger("serialize.maxBodyBytes", maxBodyBytes, 1),
    fixedHeaders,
  };
}

/** A client has checked its own already. */
function isTakenApart(url: SerializeOptions["url"]): url is EndpointUrl {
  return typeof url === "object" && url !== null && "basePath" in url;
}

function defaultHeaders(): Record<string, string> {
  return { "user-agent": userAgentOf({ appId: undefined, custom: undefined, env: process.env }) };
}
