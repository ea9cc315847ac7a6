import { THROTTLING_CODES } from "../classify-table.ts";
import type { SageMakerRuntimeServiceException } from "../errors/service-exception.ts";
import type { HttpResponse } from "../http.ts";
import type { Operation } from "../operations/operation.ts";
import { errorCodeOf } from "./error-code.ts";
import { excerptOf } from "./excerpt.ts";
import { parseObject } from "./json.ts";
import { metadataOf } from "./metadata.ts";
import { createServiceError, type ErrorMembers } from "./service-error.ts";

/** Name of an error whose answer has no code, as the official client has it. */
const UNKNOWN_CODE = "Unknown";

const NO_BYTES = new Uint8Array(0);
const NO_MEMBERS: ErrorMembers = {};

/**
 * The exception for an answer with status 300 or above. Whatever the body is, the result is an exception
 * with the answer's status and request id: a proxy's HTML page and a cut-off body included.
 */
export function errorFromResponse(
  operation: Operation["name"],
  response: HttpResponse,
): SageMakerRuntimeServiceException {
  const bytes = response.body instanceof Uint8Array ? response.body : NO_BYTES;
  const members = parseObject(bytes);
  const code = errorCodeOf(response.headers, members ?? NO_MEMBERS);
  const message =
    textMember(members, "message") ??
    textMember(members, "Message") ??
    ownMessage(operation, response.statusCode, code, members === undefined ? bytes : NO_BYTES);
  const error = createServiceError(
    code ?? UNKNOWN_CODE,
    message,
    members ?? NO_MEMBERS,
    metadataOf(response),
  );
  Object.defineProperty(error, "$response", { value: response });
  return error;
}

function textMember(members: ErrorMembers | undefined, name: string): string | undefined {
  const value = members?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What there is to say where the service says nothing; it does not when it throttles. */
function ownMessage(operation: string, status: number, code: string | undefined, body: Uint8Array): string {
  if (code !== undefined && THROTTLING_CODES.has(code)) {
    return `${operation} was throttled: too many requests for the endpoint, its container or the account`;
  }
  const answered = `${operation} was answered with HTTP status ${status}`;
  if (body.byteLength === 0) return `${answered} and no message`;
  // A text without a code is some proxy's. With one, or with 424, it may be the model's, which is not for logs.
  const excerpt = code === undefined && status !== 424 ? excerptOf(body) : "";
  return excerpt === "" ? `${answered} and a body that is no error message` : `${answered}: ${excerpt}`;
}
