import { AnswerSyntaxError } from "./transport-errors.ts";

/** Why an answer could not be read. */
export interface ParseFailure {
  /** Whether the answer was HTTP as far as it came, and ended before its announced end. */
  readonly isTruncated: boolean;
  readonly code: string;
  /** What was found, in words of whoever read it. */
  readonly reason: string;
}

/** Codes of undici, where it is the caller's dispatcher, for answers that it gives up reading. */
const CODES: ReadonlySet<string> = new Set([
  "UND_ERR_HEADERS_OVERFLOW",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);

/** What undici's HTTP parser says of a chunked answer that ends too soon. */
const UNEXPECTED_END = "Invalid EOF state";

/** What was found wrong with an answer as HTTP; `undefined` for errors of another kind. */
export function parseFailure(error: unknown, code: string | undefined): ParseFailure | undefined {
  if (error instanceof AnswerSyntaxError) return { isTruncated: false, code: "", reason: error.message };
  if (!(error instanceof Error)) return undefined;
  if (code !== undefined && CODES.has(code)) {
    return { isTruncated: code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH", code, reason: error.message };
  }
  // By name: these errors have a code in some versions of undici and none in others.
  if (error.name !== "HTTPParserError") return undefined;
  // The bytes that it could not read, which may be the model's answer.
  Reflect.deleteProperty(error, "data");
  const isTruncated = error.message.includes(UNEXPECTED_END);
  return { isTruncated, code: code ?? "UND_ERR_HTTP_PARSER", reason: error.message };
}
