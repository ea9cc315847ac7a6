import { PassThrough, Writable } from "node:stream";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { gatherWrites } from "../../lib/transport/gathered-writes.ts";

const HEAD = "POST / HTTP/1.1\r\n\r\n";
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

/** A stream that takes down what it is handed at a time, and has each piece only once `take` was called. */
class Taker extends Writable {
  readonly pieces: Uint8Array[][] = [];
  readonly #taken: (() => void)[] = [];
  isSlow = false;

  take(): void {
    this.#taken.shift()?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#hand([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#hand(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  #hand(pieces: Uint8Array[], done: () => void): void {
    this.pieces.push(pieces);
    if (this.isSlow) this.#taken.push(done);
    else done();
  }
}

let stream: Taker;

function writeRequest(payload: Uint8Array, head = HEAD): void {
  stream.cork();
  stream.write(head, "latin1");
  stream.write(payload);
  stream.uncork();
}

beforeEach(() => {
  stream = new Taker();
  gatherWrites(stream);
});

describe("gatherWrites", () => {
  it("hands a head and a short payload on as one piece", () => {
    stream.cork();
    stream.write(`${HEAD}\xfc`, "latin1");
    stream.write(Buffer.from("payload"));
    expect(stream.pieces.map((pieces) => pieces.map(text))).toEqual([[`${HEAD}\xfcpayload`]]);
  });

  it("hands a long payload on as it is, behind its head, without a copy", () => {
    const payload = new Uint8Array(8_192);
    writeRequest(payload);
    const [pieces] = stream.pieces;
    expect(pieces).toHaveLength(2);
    expect(text(pieces![0]!)).toBe(HEAD);
    expect(pieces![1]!.buffer).toBe(payload.buffer);
  });

  it("leaves a piece alone that was not taken at once, whatever is written meanwhile", () => {
    stream.isSlow = true;
    writeRequest(Buffer.from("first"));
    const other = new Taker();
    gatherWrites(other);
    other.cork();
    other.write(HEAD, "latin1");
    other.write(Buffer.from("other"));
    expect(text(stream.pieces[0]![0]!)).toBe(`${HEAD}first`);
    stream.take();
    expect(stream.writableLength).toBe(0);
  });

  it("loses nothing of a head that no payload follows", () => {
    stream.cork();
    stream.write(HEAD, "latin1");
    expect(stream.pieces).toEqual([]);
    stream.uncork();
    expect(stream.pieces.flat().map(text)).toEqual([HEAD]);
  });

  it("says when the stream has enough, as it did before", () => {
    stream.isSlow = true;
    expect(stream.write(new Uint8Array(stream.writableHighWaterMark))).toBe(false);
    stream.cork();
    stream.write(HEAD, "latin1");
    expect(stream.write(new Uint8Array(1))).toBe(false);
  });

  it("calls back who wants to know of the end of a write", async () => {
    stream.cork();
    const written = new Promise((resolve) => stream.write(HEAD, "latin1", resolve));
    stream.uncork();
    await written;
    expect(stream.pieces.flat().map(text)).toEqual([HEAD]);
  });

  it("passes the same bytes on in the same order, whatever is written between which corks", () => {
    const step = fc.oneof(
      fc.constant("cork" as const),
      fc.constant("uncork" as const),
      fc.string({ unit: "binary-ascii", maxLength: 20 }).map((head) => ({ head })),
      fc.uint8Array({ minLength: 1, maxLength: 20 }),
      fc.integer({ min: 4_070, max: 4_100 }).map((length) => new Uint8Array(length).fill(length)),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const plain = new PassThrough({ highWaterMark: 1e9 });
        const gathered = new PassThrough({ highWaterMark: 1e9 });
        gatherWrites(gathered);
        for (const each of [plain, gathered]) {
          const corks = steps.filter((one) => one === "cork");
          for (const one of [...steps, ...corks.map(() => "uncork" as const)]) {
            if (one === "cork" || one === "uncork") each[one]();
            else if (one instanceof Uint8Array) each.write(one);
            else each.write(one.head, "latin1");
          }
          each.end();
        }
        expect(gathered.read()).toEqual(plain.read());
      }),
    );
  });
});
