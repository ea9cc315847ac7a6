import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RequestReader } from "../../../bench/server/request-reader.ts";

const BODY = "0123456789";

const plain = (body = BODY) =>
  `POST /endpoints/e/invocations HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const chunked = (...chunks: string[]) =>
  `POST /endpoints/e/invocations HTTP/1.1\r\ntransfer-encoding: Chunked\r\nhost: h\r\n\r\n` +
  `${chunks.map((chunk) => `${chunk.length.toString(16)};x=y\r\n${chunk}\r\n`).join("")}0\r\nt: 1\r\n\r\n`;

/** Feeds the packets one by one and returns the number of whole requests after each. */
function feed(...packets: string[]): number[] {
  const reader = new RequestReader(BODY.length);
  return packets.map((packet) => reader.feed(Buffer.from(packet, "latin1")));
}

describe("a request reader", () => {
  it("counts a request when its last byte has come, not before", () => {
    expect(feed(plain().slice(0, -1), plain().slice(-1))).toEqual([0, 1]);
  });

  it("counts every one of several pipelined requests", () => {
    expect(feed(plain() + chunked("01234", "56789") + plain())).toEqual([3]);
  });

  it("counts pipelined requests of both framings, cut into packets anywhere", () => {
    const bytes = plain() + chunked("0", "123", "456789") + chunked(BODY) + plain();
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }));
    fc.assert(
      fc.property(cuts, (at) => {
        const edges = [0, ...at.sort((a, b) => a - b), bytes.length];
        const packets = edges.slice(1).map((end, index) => bytes.slice(edges[index], end));
        const counts = feed(...packets);
        expect(counts.reduce((sum, count) => sum + count)).toBe(4);
      }),
    );
  });

  it("counts the same when every byte is a packet", () => {
    const counts = feed(...(plain() + chunked("01", "23456789")));
    expect(counts.filter((count) => count === 1)).toHaveLength(2);
    expect(counts.at(-1)).toBe(1);
  });

  it("tells whether a connection stops amid a request", () => {
    const reader = new RequestReader(BODY.length);
    expect(reader.isAmidRequest).toBe(false);
    reader.feed(Buffer.from(plain().slice(0, 20)));
    expect(reader.isAmidRequest).toBe(true);
    reader.feed(Buffer.from(plain().slice(20, -1)));
    expect(reader.isAmidRequest).toBe(true);
    reader.feed(Buffer.from(plain().slice(-1)));
    expect(reader.isAmidRequest).toBe(false);
  });

  it.each([
    ["a short body", plain("short"), /a body of 5 bytes, expected 10/],
    ["a long chunked body", chunked(BODY, "1"), /a body of 11 bytes, expected 10/],
    ["another method", plain().replace("POST", "GET"), /not a POST/],
    ["another version", plain().replace("HTTP/1.1", "HTTP/1.0"), /HTTP\/1\.1/],
    ["no length", plain().replace("Content-Length", "x-length"), /unknown length/],
    ["two framings", plain().replace("Host: h", "Transfer-Encoding: chunked"), /unknown length/],
    ["another encoding", chunked(BODY).replace("Chunked", "gzip, chunked"), /unknown length/],
    ["a chunk size that is none", chunked(BODY).replace("a;x=y", "z;x=y"), /malformed chunk size/],
    ["a chunk longer than its size", chunked(BODY).replace("a;x=y", "9;x=y"), /chunk longer/],
    ["a head without end", `POST / HTTP/1.1\r\n${"x".repeat(70_000)}`, /request head of more than/],
  ])("refuses %s", (_, bytes, expected) => {
    expect(() => feed(bytes)).toThrow(expected);
  });
});
