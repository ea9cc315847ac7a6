import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerHeaders } from "../../lib/transport/answer-headers.ts";
import { AnswerReader, cut, readAnswer, refusalOf } from "./answer-reading.ts";
import { ANSWER, MUTATED_ANSWER } from "./generated-answers.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;

describe("the end of an answer", () => {
  it("is where its content-length says, and what follows is left", () => {
    expect(readAnswer(`${OK}content-length: 3\r\n\r\nabcdef`)).toMatchObject({
      ...{ statusCode: 200, headers: { "content-length": "3" }, body: "abc" },
      ...{ isComplete: true, keepsConnection: true, left: 3 },
    });
    expect(readAnswer(`${OK}content-length: 3\r\n\r\nab`, true).isComplete).toBe(false);
  });

  it("is that of its last chunk and its trailers", () => {
    const body = "3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\nx-sum: 1\r\n\r\n";
    expect(readAnswer(`${CHUNKED}${body}HTTP`)).toMatchObject({
      ...{ body: "abc0123456789", isComplete: true, left: 4 },
      headers: { "transfer-encoding": "chunked" },
    });
    expect(readAnswer(`${CHUNKED}${body.slice(0, -2)}`, true).isComplete).toBe(false);
  });

  it("may come after any number of extensions, each of which says nothing", () => {
    const body = `${"1;extension=1\r\na\r\n".repeat(3_000)}0\r\n\r\n`;
    expect(readAnswer(`${CHUNKED}${body}`)).toMatchObject({ body: "a".repeat(3_000), isComplete: true });
  });

  it.each([
    ["9", 9],
    ["a", 10],
    ["A", 10],
    ["f", 15],
    ["F", 15],
    ["1f", 31],
    ["000000000000f", 15],
  ])("comes after a chunk of the size %s in its place", (size, length) => {
    const data = "x".repeat(length);
    expect(readAnswer(`${CHUNKED}${size}\r\n${data}\r\n0\r\n\r\n`)).toMatchObject({
      ...{ body: data, isComplete: true, left: 0 },
    });
  });

  it("may come after 16 KiB that say nothing, tabs among them", () => {
    const extension = "\ta".repeat(8_192);
    const body = `1;${extension}\r\na\r\n0\r\n\r\n`;
    expect(readAnswer(`${CHUNKED}${body}`)).toMatchObject({ body: "a", isComplete: true });
  });

  it("is that of the connection where neither is said", () => {
    expect(readAnswer(`${OK}\r\nabc`)).toMatchObject({ body: "abc", isComplete: false });
    expect(readAnswer(`${OK}\r\nabc`, true)).toMatchObject({ isComplete: true, keepsConnection: false });
  });

  it.each([204, 304])("is that of its head with status %i, whatever else it says", (statusCode) => {
    const head = `HTTP/1.1 ${statusCode} No\r\ncontent-length: 3\r\n\r\n`;
    expect(readAnswer(`${head}abc`)).toMatchObject({ statusCode, body: "", isComplete: true, left: 3 });
  });

  it("is not that of an interim answer", () => {
    const interim = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    expect(readAnswer(interim)).toMatchObject({ statusCode: 0, isComplete: false });
    expect(readAnswer(`${interim}${OK}content-length: 1\r\n\r\n7`)).toMatchObject({
      ...{ statusCode: 200, headers: { "content-length": "1" }, body: "7", isComplete: true, left: 0 },
    });
  });
});

describe("the connection of an answer", () => {
  it.each([
    [true, "HTTP/1.1", ""],
    [true, "HTTP/1.1", "connection: x, Keep-Alive\r\n"],
    [false, "HTTP/1.1", "connection: Close\r\n"],
    [false, "HTTP/1.1", "connection: x\r\nconnection: close\r\n"],
    [false, "HTTP/1.0", ""],
    [true, "HTTP/1.0", "connection: keep-alive\r\n"],
    [true, "HTTP/1.0", "connection: x, Keep-Alive\r\n"],
    [false, "HTTP/1.0", "connection: x\r\n"],
    [false, "HTTP/1.0", "connection: keep-alive, close\r\n"],
  ])("is kept: %s for %s with %j", (keepsConnection, version, connection) => {
    const answer = `${version} 200 OK\r\n${connection}content-length: 0\r\n\r\n`;
    expect(readAnswer(answer)).toMatchObject({ isComplete: true, keepsConnection });
  });
});

describe("an answer", () => {
  it("is read alike in whatever pieces it comes, or refused in all of them", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 300 });
    const outcome = (pieces: readonly Uint8Array[]) => {
      try {
        return new AnswerReader().read(pieces, true);
      } catch (error) {
        return (error as Error).name;
      }
    };
    fc.assert(
      fc.property(fc.oneof(ANSWER, MUTATED_ANSWER), lengths, (answer, pieces) => {
        const bytes = Buffer.from(answer, "latin1");
        expect(outcome(cut(bytes, pieces))).toEqual(outcome([bytes]));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is read as if there had been none before on its connection, or beside it", () => {
    const shared = new AnswerReader(new AnswerHeaders());
    fc.assert(
      fc.property(ANSWER, (answer) => {
        expect(shared.read([Buffer.from(answer, "latin1")], true)).toEqual(readAnswer(answer, true));
      }),
      { numRuns: 1_000 },
    );
  });

  it("may have a head of 16 KiB, interim ones included, and no more", () => {
    const answer = (padding: number) => `${OK}x-a: ${"a".repeat(padding)}\r\ncontent-length: 0\r\n\r\n`;
    const interim = "HTTP/1.1 102 Processing\r\n\r\n";
    const room = 16_384 - answer(0).length;
    expect(refusalOf(answer(room))).toBeUndefined();
    expect(refusalOf(answer(room + 1))).toBe("its head has more than 16384 bytes");
    expect(refusalOf(`${interim}${answer(room)}`)).toBe("its head has more than 16384 bytes");
    expect(refusalOf(interim.repeat(1_000))).toBe("its head has more than 16384 bytes");
    expect(refusalOf(`${OK}x-a: ${"a".repeat(16_384)}`)).toBe("its head has more than 16384 bytes");
  });

  it.each([
    ["another protocol", "SSH-2.0-OpenSSH_9.6\r\n", "begin"],
    ["another protocol, cut short", "HTTX", "begin"],
    ["HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "begin"],
    ["HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", "begin"],
    ["an empty line ahead", `\r\n${OK}\r\n`, "begin"],
    ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", "begin"],
    ["a status below 100", "HTTP/1.1 099 OK\r\n\r\n", "begin"],
    ["a change of protocol", "HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n", "changes to a protocol"],
    ["a line feed alone", "HTTP/1.1 200 OK\nx: 1\r\n\r\n", "begin"],
    ["two lengths", `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\n`, "content-length"],
    ["the same length twice", `${OK}content-length: 1\r\ncontent-length: 1\r\n\r\n`, "content-length"],
    ["a length with a sign", `${OK}content-length: +1\r\n\r\n`, "content-length"],
    ["a length in another base", `${OK}content-length: 0x1\r\n\r\n`, "content-length"],
    ["a length of 16 digits", `${OK}content-length: 1000000000000000\r\n\r\n`, "content-length"],
    ["an empty length", `${OK}content-length:\r\n\r\n`, "content-length"],
    [
      "a length and chunks",
      `${OK}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`,
      "and a transfer-encoding",
    ],
    ["a coding that was not asked for", `${OK}transfer-encoding: gzip, chunked\r\n\r\n`, "not chunked"],
    ["chunks twice", `${OK}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n`, "not chunked"],
    ["chunks of HTTP/1.0", "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "HTTP/1.0"],
    ["a chunk without a size", `${CHUNKED}\r\n`, "size"],
    ["a size with a sign", `${CHUNKED}-1\r\n`, "size"],
    ["a size with a prefix", `${CHUNKED}0x1\r\n`, "size"],
    ["a size with a space ahead", `${CHUNKED} 1\r\n`, "size"],
    ["a size of 14 digits", `${CHUNKED}00000000000001\r\n`, "size"],
    ["a size with what lies ahead of A", `${CHUNKED}@\r\n`, "size"],
    ["a size with what lies ahead of a", `${CHUNKED}\`\r\n`, "size"],
    ["a size with what lies behind f", `${CHUNKED}g\r\n`, "size"],
    ["an extension without a size", `${CHUNKED};a=1\r\n`, "size"],
    ["a size that ends in a line feed alone", `${CHUNKED}1\na`, "size"],
    ["a size that ends in a carriage return alone", `${CHUNKED}1\ra`, "proper end"],
    ["a chunk that is longer than its size", `${CHUNKED}1\r\nab`, "proper end"],
    ["a chunk that ends in a carriage return alone", `${CHUNKED}1\r\na\rb`, "proper end"],
    ["a trailer without a name", `${CHUNKED}0\r\nx\r\n\r\n`, "no name"],
    ["a trailer with a control character", `${CHUNKED}0\r\nx: \0\r\n\r\n`, "no text"],
    ["a trailer with a length", `${CHUNKED}0\r\nContent-Length: 1\r\n\r\n`, "where the answer ends"],
    ["a trailer with a coding", `${CHUNKED}0\r\nTransfer-Encoding: gzip\r\n\r\n`, "where the answer ends"],
    ["an extension with a delete character", `${CHUNKED}1;\x7f\r\na`, "no text"],
    ["an extension with a line feed", `${CHUNKED}1;\n\r\na`, "no text"],
    ["an extension without end", `${CHUNKED}1;${"a".repeat(16_385)}`, "too long"],
    ["trailers without end", `${CHUNKED}0\r\n${"x: 1\r\n".repeat(5_000)}`, "too long"],
  ])("is refused for %s", (_, answer, reason) => {
    expect(refusalOf(answer)).toContain(reason);
  });

  it("is refused at a line feed alone, whose head may never end, also where a piece begins with it", () => {
    const pieces = [`${OK}x: 1`, "\ny: 2"].map((piece) => Buffer.from(piece));
    expect(() => new AnswerReader().read(pieces)).toThrow("no proper end");
  });
});
