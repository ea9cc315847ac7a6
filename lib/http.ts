import type {
  HeaderBag,
  QueryParameterBag,
  HttpRequest as SmithyHttpRequest,
  HttpResponse as SmithyHttpResponse,
} from "@smithy/types";
import type { ByteStream } from "./transport/byte-stream.ts";

/**
 * A request in the shape that Smithy middleware and `@smithy/signature-v4` read. Header names are in lower
 * case; `path` is percent-encoded.
 */
export interface HttpRequest extends SmithyHttpRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query: QueryParameterBag;
  headers: HeaderBag;
  /** The whole payload; empty where there is none. */
  body: Uint8Array;
}

/** A response. `body` is the whole payload, or, for an accepted stream, its bytes as they come. */
export interface HttpResponse extends SmithyHttpResponse {
  statusCode: number;
  /** Names in lower case. */
  headers: HeaderBag;
  body: Uint8Array | ByteStream;
}
