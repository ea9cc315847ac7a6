import type { HeaderBag } from "@smithy/types";
import { AnswerSyntaxError } from "./transport-errors.ts";

/** How an answer's body ends where no number of bytes says it. */
export const CHUNKED = -1;
export const UNTIL_CLOSE = -2;

/** Up to 15 digits, which a number holds exactly. */
const LENGTH = /^\d{1,15}$/;

const NO_BODY: ReadonlySet<number> = new Set([204, 304]);

/**
 * How the body of an answer to anything but HEAD and CONNECT is framed (RFC 9112 6.3): its length in bytes,
 * {@link CHUNKED} or {@link UNTIL_CLOSE}.
 *
 * @param headers names in lower case, repeated headers as one
 * @throws {AnswerSyntaxError} where that is not said, or said twice: the next answer would begin nobody knows where
 */
export function framingOf(isHttp11: boolean, statusCode: number, headers: HeaderBag): number {
  const coding = headers["transfer-encoding"];
  const length = headers["content-length"];
  if (coding !== undefined) checkCoding(coding, isHttp11, length);
  if (length !== undefined && !LENGTH.test(length)) {
    throw new AnswerSyntaxError("its content-length is not one number of at most 15 digits");
  }
  if (NO_BODY.has(statusCode)) return 0;
  if (coding !== undefined) return CHUNKED;
  return length === undefined ? UNTIL_CLOSE : Number(length);
}

/** Codings other than `chunked` were not asked for, and cannot be taken off. */
function checkCoding(coding: string, isHttp11: boolean, length: string | undefined): void {
  if (coding.toLowerCase() !== "chunked" || !isHttp11) {
    throw new AnswerSyntaxError("its transfer-encoding is not chunked, or that of HTTP/1.0");
  }
  if (length !== undefined) throw new AnswerSyntaxError("it has a content-length and a transfer-encoding");
}

/** Whether the connection may carry on after this answer, as far as its server says. */
export function keepsConnection(isHttp11: boolean, framing: number, headers: HeaderBag): boolean {
  if (framing === UNTIL_CLOSE) return false;
  const { connection } = headers;
  if (connection === undefined) return isHttp11;
  if (connection === "keep-alive") return true;
  const options = connection
    .toLowerCase()
    .split(",")
    .map((option) => option.trim());
  return !options.includes("close") && (isHttp11 || options.includes("keep-alive"));
}
