import type { ContainerCall } from "../containers/call.ts";
import type { TimeLimit } from "../containers/time-limit.ts";
import type { Invocation } from "../context.ts";
import { containerHeaders } from "./validate-members.ts";

/** The call of an invocation's container: with the headers that the service forwards, and no others. */
export function containerCallOf(
  { operation, endpointName, variant, headers, region }: Invocation,
  body: Uint8Array,
  limit: TimeLimit,
  maxBodyBytes: number,
): ContainerCall {
  return {
    container: variant.container,
    request: {
      operation,
      endpointName,
      variantName: variant.name,
      headers: containerHeaders(operation, headers),
      body,
      signal: limit.signal,
    },
    subject: { endpointName, region },
    limit,
    maxBodyBytes,
  };
}

/** Headers of a container's answer that reach the caller under their own name. */
const FORWARDED = ["x-amzn-sagemaker-custom-attributes"] as const;

/** Those of them which open and close sessions: InvokeEndpoint models them, the stream does not. */
const SESSION = ["x-amzn-sagemaker-new-session-id", "x-amzn-sagemaker-closed-session-id"] as const;

/** The modelled headers of an answer: what the container set, and which variant it was. */
export function answerHeaders(
  { operation, variant }: Invocation,
  containerHeaders: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers: Record<string, string> = { "x-Amzn-Invoked-Production-Variant": variant.name };
  const names = operation === "InvokeEndpoint" ? [...FORWARDED, ...SESSION] : FORWARDED;
  for (const name of names) {
    const value = containerHeaders[name];
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}
