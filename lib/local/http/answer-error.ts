import { AuthenticationError, type AuthenticationFailure } from "../auth/authentication-error.ts";
import { ServiceError } from "../errors.ts";
import { ObjectTooLargeError } from "../store/object-store.ts";
import { S3Error, s3ErrorXml } from "../store/s3-error.ts";
import type { AnswerEnd } from "./answer-writer.ts";
import type { Exchange } from "./exchange.ts";

/** What statistics call an answer that would have been `outcome`, had it been left whole. */
export function outcomeOf(end: AnswerEnd, outcome: string): string {
  if (end === "whole") return outcome;
  return end === "closed" ? "client.closed" : `fault.${end}`;
}

/** Answers whatever went wrong in the way of the service; gives the outcome. */
export async function answerError(exchange: Exchange, error: unknown): Promise<string> {
  if (exchange.isClosed) return "client.closed";
  const { status, code, message, details } = serviceErrorOf(error);
  if (exchange.hasBegun) {
    // Too late for a status: a broken connection is all that can still be told.
    exchange.socket.destroy();
    return code;
  }
  const headers = { "x-amzn-ErrorType": code, "content-type": "application/json", ...details.headers };
  const body = JSON.stringify({ ...details.members, Message: message });
  return outcomeOf(await exchange.answer(status, headers, body), code);
}

/** Answers whatever went wrong in the way of S3; gives the outcome. */
export async function answerS3Error(exchange: Exchange, error: unknown, resource: string): Promise<string> {
  if (exchange.isClosed) return "client.closed";
  const s3Error = s3ErrorOf(error);
  const headers = { "content-type": "application/xml", "x-amz-request-id": exchange.requestId };
  const body = s3ErrorXml(s3Error, resource, exchange.requestId);
  return outcomeOf(await exchange.answer(s3Error.status, headers, body), s3Error.code);
}

const SERVICE_CODES: Readonly<Record<AuthenticationFailure, string>> = {
  missing: "MissingAuthenticationTokenException",
  incomplete: "IncompleteSignature",
  unknownKey: "UnrecognizedClientException",
  badToken: "UnrecognizedClientException",
  wrongScope: "InvalidSignatureException",
  skewed: "InvalidSignatureException",
  wrongSignature: "InvalidSignatureException",
  wrongPayloadHash: "InvalidSignatureException",
  unsupported: "IncompleteSignature",
};

const S3_CODES: Readonly<Record<AuthenticationFailure, readonly [number, string]>> = {
  missing: [403, "AccessDenied"],
  incomplete: [400, "AuthorizationHeaderMalformed"],
  unknownKey: [403, "InvalidAccessKeyId"],
  badToken: [400, "InvalidToken"],
  wrongScope: [400, "AuthorizationHeaderMalformed"],
  skewed: [403, "RequestTimeTooSkewed"],
  wrongSignature: [403, "SignatureDoesNotMatch"],
  wrongPayloadHash: [400, "XAmzContentSHA256Mismatch"],
  unsupported: [501, "NotImplemented"],
};

function serviceErrorOf(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof AuthenticationError) {
    return new ServiceError(403, SERVICE_CODES[error.failure], error.message);
  }
  return new ServiceError(500, "InternalFailure", `The local endpoint failed: ${nameOf(error)}`);
}

function s3ErrorOf(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  if (error instanceof AuthenticationError) return new S3Error(...S3_CODES[error.failure], error.message);
  if (error instanceof ObjectTooLargeError) return new S3Error(400, "EntityTooLarge", error.message);
  return new S3Error(500, "InternalError", `The local endpoint failed: ${nameOf(error)}`);
}

/** Never the message: it may quote what was sent. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return "code" in error ? `${error.name} (${error.code})` : error.name;
}
