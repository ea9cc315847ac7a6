import type { HeaderBag, ResponseMetadata } from "@smithy/types";
import type { HttpResponse } from "../http.ts";

/** What identifies an answer to AWS support. Attempts and delays are added by the layer that counts them. */
export function metadataOf(response: HttpResponse): ResponseMetadata {
  const { headers } = response;
  const metadata: ResponseMetadata = { httpStatusCode: response.statusCode };
  const requestId = requestIdOf(headers);
  if (requestId !== undefined) metadata.requestId = requestId;
  if (headers["x-amz-id-2"] !== undefined) metadata.extendedRequestId = headers["x-amz-id-2"];
  if (headers["x-amz-cf-id"] !== undefined) metadata.cfId = headers["x-amz-cf-id"];
  return metadata;
}

/** The request id, under any of the names that AWS services give it. */
export function requestIdOf(headers: HeaderBag): string | undefined {
  return headers["x-amzn-requestid"] ?? headers["x-amzn-request-id"] ?? headers["x-amz-request-id"];
}
