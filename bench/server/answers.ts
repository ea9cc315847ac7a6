import { createHash } from "node:crypto";
import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";

/** Headers that every answer of the service has, beside the id of its request. */
const COMMON_HEADERS = [
  "x-amzn-Invoked-Production-Variant: AllTraffic",
  "Date: Tue, 06 Jan 2026 09:00:00 GMT",
  "Connection: keep-alive",
];

/** A whole answer of InvokeEndpoint. */
export function plainAnswer(bodyBytes: number, requestId: string): Buffer {
  const head = headOf(requestId, ["Content-Type: application/octet-stream", `Content-Length: ${bodyBytes}`]);
  return Buffer.concat([head, answerBody(bodyBytes)]);
}

/**
 * A whole answer of InvokeEndpointWithResponseStream: `parts` event-stream frames with `partBytes` of payload each,
 * and each in an HTTP chunk of its own, as they leave a service that sends what the model has said.
 */
export function streamAnswer(parts: number, partBytes: number, requestId: string): Buffer {
  const head = headOf(requestId, [
    "X-Amzn-SageMaker-Content-Type: application/octet-stream",
    "Content-Type: application/vnd.amazon.eventstream",
    "Transfer-Encoding: chunked",
  ]);
  const frame = payloadPartFrame(answerBody(partBytes));
  const chunk = Buffer.concat([Buffer.from(`${frame.length.toString(16)}\r\n`), frame, Buffer.from("\r\n")]);
  const chunks = Buffer.alloc(chunk.length * parts);
  for (let part = 0; part < parts; part++) chunk.copy(chunks, part * chunk.length);
  return Buffer.concat([head, chunks, Buffer.from("0\r\n\r\n")]);
}

/** The body of every answer: bytes of a short cycle, so that a shifted body is not an equal one. */
export function answerBody(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => index % 251));
}

/** The id of a request, as unlike that of any other as those of the service. */
export function requestIdOf(number: number): string {
  const hex = createHash("sha256").update(String(number)).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

function headOf(requestId: string, headers: readonly string[]): Buffer {
  const lines = ["HTTP/1.1 200 OK", `x-amzn-RequestId: ${requestId}`, ...COMMON_HEADERS, ...headers];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
