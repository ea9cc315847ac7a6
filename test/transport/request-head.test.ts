import { createServer, type IncomingMessage } from "node:http";
import { duplexPair } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../lib/http.ts";
import { RequestHeads } from "../../lib/transport/request-head.ts";

function requestWith(headers: Record<string, unknown>, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    ...{
      method: "POST",
      protocol: "https:",
      hostname: "runtime.example",
      path: "/endpoints/churn/invocations",
    },
    ...{ query: {}, body: Buffer.from("1,2"), headers: headers as HttpRequest["headers"] },
    ...more,
  };
}

const headOf = (...request: Parameters<typeof requestWith>) =>
  new RequestHeads("runtime.example:8443").headOf(requestWith(...request));

/** What Node's own server makes of a request. */
async function readByNode(head: string, body: Uint8Array): Promise<IncomingMessage & { payload: Buffer }> {
  const [client, served] = duplexPair();
  const server = createServer();
  server.emit("connection", served);
  client.write(head, "latin1");
  client.write(body);
  const request = await new Promise<IncomingMessage>((resolve, reject) => {
    server.once("request", resolve);
    server.once("clientError", reject);
  });
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  client.destroy();
  return Object.assign(request, { payload: Buffer.concat(pieces) });
}

describe("the head of a request", () => {
  it("has its line, its headers in their order, and how long the payload is", () => {
    const headers = {
      host: "runtime.example",
      "content-length": "3",
      "content-type": "text/csv",
      "x-a": "\xfc\t1",
    };
    expect(headOf(headers)).toBe(
      "POST /endpoints/churn/invocations HTTP/1.1\r\nhost: runtime.example\r\ncontent-type: text/csv\r\n" +
        "x-a: \xfc\t1\r\nconnection: keep-alive\r\ncontent-length: 3\r\n\r\n",
    );
  });

  it("names the origin where the request names no host", () => {
    expect(headOf({})).toContain("HTTP/1.1\r\nhost: runtime.example:8443\r\n");
  });

  it("says that a payload is empty, of a method that has one", () => {
    const body = new Uint8Array(0);
    expect(headOf({}, { body })).toContain("content-length: 0\r\n\r\n");
    expect(headOf({}, { body, method: "GET" })).not.toContain("content-length");
  });

  it("takes what a layer says of the connection", () => {
    const head = headOf({ Connection: "Keep-Alive" });
    expect(head).toContain("Connection: Keep-Alive\r\n");
    expect(head).not.toContain("connection: keep-alive");
  });

  it("leaves out a header without a value", () => {
    expect(headOf({ "x-a": undefined })).not.toContain("x-a");
  });

  it("is read by Node's own server as it was meant, whatever heads were made before it", async () => {
    const name = fc.constantFrom(
      "x-a",
      "X-A",
      "x-b",
      "__proto__",
      "constructor",
      "content-type",
      "!#$%&'*+.^_`|~",
    );
    const value = fc.string({
      unit: fc.constantFrom("a", "B", " ", ":", ",", "\xa0", "\xff", "\t"),
      maxLength: 12,
    });
    const body = fc.uint8Array({ maxLength: 40 });
    const heads = new RequestHeads("runtime.example");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 5 }), body, async (headers, body) => {
        const request = requestWith(Object.fromEntries(headers), { body });
        const read = await readByNode(heads.headOf(request), body);
        const sent = Object.entries(request.headers).map(([name, value]) => [
          name,
          value.replace(/^[\t ]+|[\t ]+$/g, ""),
        ]);
        expect(pairs(read.rawHeaders)).toEqual([
          ["host", "runtime.example"],
          ...sent,
          ["connection", "keep-alive"],
          ["content-length", String(body.length)],
        ]);
        expect([read.method, read.url, read.payload.compare(body)]).toEqual(["POST", request.path, 0]);
      }),
    );
  });

  it.each([
    ["a line of its own in a value", { "x-a": "secret\r\nx-b: 1" }, /^the header x-a has characters/],
    ["a line feed in a value", { "x-a": "secret\n" }, /^the header x-a has characters/],
    ["a value that is not Latin-1", { "x-a": "secret\u0100" }, /^the header x-a has characters/],
    ["a line of its own in a name", { "secret\r\nx": "1" }, /^the name of a header has characters/],
    ["an empty name", { "": "secret" }, /^the name of a header has characters/],
    ["a space in a name", { "secret a": "1" }, /^the name of a header has characters/],
    ["a value that is no string", { "x-a": ["secret"] }, /^the header x-a must be a string/],
    ["two hosts", { host: "secret", Host: "secret" }, /^a request cannot have the header Host twice$/],
    [
      "two words on the connection",
      { connection: "keep-alive", Connection: "keep-alive" },
      /the header Connection twice$/,
    ],
    ["an upgrade", { connection: "upgrade" }, /^the header connection must be keep-alive:/],
    ["the end of the connection", { connection: "close" }, /^the header connection must be keep-alive:/],
    ["nothing on the connection", { connection: "" }, /^the header connection must be keep-alive:/],
    ["another length", { "Content-Length": "4" }, /^the header content-length must be that of the body, 3,/],
    [
      "a length that is none",
      { "content-length": "secret" },
      /^the header content-length must be that of the body/,
    ],
    ...["expect", "Transfer-Encoding", "te", "trailer", "upgrade", "Keep-Alive"].map(
      (name) => [`the header ${name}`, { [name]: "secret" }, /^a request cannot have the header \w/] as const,
    ),
  ] as const)("is refused for %s, by words that show no value", (_, headers, message) => {
    const heads = new RequestHeads("runtime.example");
    for (let time = 0; time < 2; time++) {
      const attempt = () => heads.headOf(requestWith(headers));
      expect(attempt).toThrow(TypeError);
      expect(attempt).toThrow(message);
      expect(attempt).not.toThrow(/secret/);
    }
    expect(heads.headOf(requestWith({ "x-a": "1" }))).toContain("x-a: 1\r\n");
  });

  it.each([
    [{ method: "HEAD" }, /^the method of a request must be one of POST, .*, got HEAD$/],
    [{ method: "POST / HTTP/1.1\r\nx: 1\r\n\r\nPOST" }, /^the method/],
    [{ path: "endpoints" }, /^the path of a request must begin with \//],
    [{ path: "/a b" }, /^the path/],
    [{ path: "/a\r\nx: 1" }, /^the path/],
    [{ path: "/\u00fc" }, /^the path/],
  ])("is refused for %j", (more, message) => {
    expect(() => headOf({}, more)).toThrow(message);
  });
});

function pairs(raw: readonly string[]): string[][] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1]!]] : []));
}
