import type { HttpRequest, HttpResponse } from "../http.ts";
import type { BodyFormat } from "../protocol/body-format.ts";
import type { HashedPayload } from "../protocol/payload.ts";
import type { OutputWithMetadata } from "../types.ts";

/** The scheme, host, port and base path that requests are sent to. */
export interface EndpointUrl {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** As the `host` header has it: the hostname, and the port where it has one. */
  readonly host: string;
  /** Without a trailing slash; empty for the root. */
  readonly basePath: string;
}

/** What the serializer may not decide for itself. */
export interface SerializeSettings {
  readonly url: EndpointUrl;
  /** Largest payload in bytes; a larger one is an InvalidInputError. */
  readonly maxBodyBytes: number;
  /** Headers that every request of the client carries: the user agent. */
  readonly fixedHeaders: Readonly<Record<string, string>>;
}

/** What a streamed output needs after the call has returned. */
export interface DeserializeContext {
  /** Makes the typed error of the call out of whatever broke the stream. */
  mapError(error: unknown): Error;
}

/** One operation of the service: everything about it that is the same for all calls. */
export interface Operation {
  readonly name: "InvokeEndpoint" | "InvokeEndpointAsync" | "InvokeEndpointWithResponseStream";
  /** Whether an accepted answer is handed to the caller while it is still arriving. */
  readonly isStreaming: boolean;
  /** Throws an InvalidInputError for the first member that breaks a rule. */
  validate(input: object): void;
  /**
   * The unsigned request for a validated input, with its payload hash in `x-amz-content-sha256`: empty where the
   * payload is too large to be hashed in one go.
   *
   * @param hashed a payload that need not be hashed again, if it is this one
   */
  serialize(input: object, settings: SerializeSettings, hashed?: HashedPayload): HttpRequest;
  /** The output of an accepted answer (status below 300). */
  deserialize(response: HttpResponse, context: DeserializeContext): OutputWithMetadata;
  /** See {@link BodyFormat.make}. */
  readonly makeBody: BodyFormat["make"];
  /** See {@link BodyFormat.peek}. */
  readonly peek: BodyFormat["peek"];
  /** Copies for the logs of plug-ins, without payload and CustomAttributes. */
  maskInput(input: unknown): unknown;
  maskOutput(output: unknown): unknown;
  /** Whether a second execution is harmless: false for an enqueue and for opening a session. */
  isRepeatable(input: object): boolean;
}
