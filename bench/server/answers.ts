import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";

/** Headers that every answer of the service has. */
const COMMON_HEADERS = [
  "x-amzn-RequestId: 4c1f2a9e-6d0b-4a52-9a1e-0c6f1a8f7b11",
  "x-amzn-Invoked-Production-Variant: AllTraffic",
  "Date: Tue, 06 Jan 2026 09:00:00 GMT",
  "Connection: keep-alive",
];

/** A whole answer of InvokeEndpoint. */
export function plainAnswer(bodyBytes: number): Buffer {
  const head = headOf(["Content-Type: application/octet-stream", `Content-Length: ${bodyBytes}`]);
  return Buffer.concat([head, answerBody(bodyBytes)]);
}

/**
 * A whole answer of InvokeEndpointWithResponseStream: `parts` event-stream frames with `partBytes` of payload each,
 * and each in an HTTP chunk of its own, as they leave a service that sends what the model has said.
 */
export function streamAnswer(parts: number, partBytes: number): Buffer {
  const head = headOf([
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

function headOf(headers: readonly string[]): Buffer {
  const lines = ["HTTP/1.1 200 OK", ...COMMON_HEADERS, ...headers];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
