import { describe, expect, it } from "vitest";
import { ByteStream, HIGH_WATER_MARK_BYTES } from "../../lib/transport/byte-stream.ts";
import { settle } from "../support/fake-clock.ts";
import { chunk, open } from "./open-stream.ts";

async function readAll(stream: ByteStream): Promise<number[]> {
  const seen: number[] = [];
  for await (const bytes of stream) seen.push(...bytes);
  return seen;
}

describe("a byte stream", () => {
  it("hands out what was pushed, in order, before and after the reader came", async () => {
    const { source, stream, ends } = open();
    stream.push(chunk(1));
    stream.push(chunk(2, 3));
    const all = readAll(stream);
    await settle();
    stream.push(chunk(4));
    stream.push(chunk());
    stream.push(chunk(5));
    await settle();
    expect(ends).toEqual([]);
    stream.finish();
    expect(await all).toEqual([1, 2, 3, 4, 5]);
    expect(ends).toEqual([undefined]);
    expect(source.cancelled).toBe(0);
  });

  it("hands out chunks themselves, not copies", async () => {
    const { stream } = open();
    const pushed = chunk(1);
    stream.push(pushed);
    expect(await stream.read()).toBe(pushed);
  });

  it("is not at its end before the reader is", async () => {
    const { stream, ends } = open();
    stream.push(chunk(1));
    stream.finish();
    await settle();
    expect(ends).toEqual([]);
    await readAll(stream);
    expect(ends).toEqual([undefined]);
  });

  it("takes no bytes after the end", async () => {
    const { stream } = open();
    stream.finish();
    expect(stream.push(chunk(1))).toBe(true);
    expect(await readAll(stream)).toEqual([]);
  });

  it("has one reader: a second is refused, also after the end", async () => {
    const { stream } = open();
    const all = readAll(stream);
    await expect(readAll(stream)).rejects.toThrow(TypeError);
    stream.finish();
    await all;
    await expect(readAll(stream)).rejects.toThrow("the stream was read already");
  });

  it("refuses a read before the one before has settled", async () => {
    const { stream } = open();
    const first = stream.read();
    await expect(stream.read()).rejects.toThrow("wait for the read before");
    stream.push(chunk(1));
    await expect(stream.read()).rejects.toThrow("wait for the read before");
    expect(await first).toEqual(chunk(1));
  });
});

describe("the back-pressure of a byte stream", () => {
  it("asks to pause above the high-water mark and to resume once the reader is back at it", async () => {
    const { source, stream } = open();
    const half = new Uint8Array(HIGH_WATER_MARK_BYTES / 2);
    expect(stream.push(half)).toBe(true);
    expect(stream.push(half)).toBe(true);
    expect(stream.isPaused).toBe(false);
    expect(stream.push(chunk(1))).toBe(false);
    expect(stream.push(half)).toBe(false);
    expect(stream.isPaused).toBe(true);

    await stream.read();
    expect(source.resumed).toBe(0);
    await stream.read();
    expect(source.resumed).toBe(1);
    expect(stream.isPaused).toBe(false);
    await stream.read();
    expect(source.resumed).toBe(1);
  });

  it("lets the transport push from inside resume", async () => {
    let left = 10;
    const stream = new ByteStream({ resume: pushUntilPaused, cancel() {} });
    function pushUntilPaused(): void {
      while (left > 0) {
        left--;
        if (!stream.push(new Uint8Array(50_000).fill(left))) return;
      }
      stream.finish();
    }
    pushUntilPaused();
    const seen: number[] = [];
    for await (const bytes of stream) seen.push(bytes[0]!);
    expect(seen).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it("is no matter of the transport any more once all bytes are there", async () => {
    const { source, stream } = open();
    stream.push(new Uint8Array(HIGH_WATER_MARK_BYTES + 1));
    stream.finish();
    expect(stream.isPaused).toBe(true);
    await readAll(stream);
    expect(source.resumed).toBe(0);
  });
});

describe("a byte stream that fails", () => {
  const failure = new Error("reset");

  it("delivers the bytes before the failure, then the failure, then the end", async () => {
    const { source, stream, ends } = open();
    stream.push(chunk(1));
    const iterator = stream[Symbol.asyncIterator]();
    stream.push(chunk(2));
    stream.fail(failure);
    expect(await iterator.next()).toEqual({ done: false, value: chunk(1) });
    expect(await iterator.next()).toEqual({ done: false, value: chunk(2) });
    expect(ends).toEqual([]);
    await expect(iterator.next()).rejects.toBe(failure);
    expect(ends).toEqual([failure]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(source.cancelled).toBe(0);
  });

  it("rejects the read that waits", async () => {
    const { stream, ends } = open();
    const all = readAll(stream);
    await settle();
    stream.fail(failure);
    await expect(all).rejects.toBe(failure);
    expect(ends).toEqual([failure]);
  });

  it("gives reader and end the error that it is mapped to, made in the reader's frame", async () => {
    const { stream, ends } = open();
    stream.mapError = (error) => new TypeError("typed", { cause: error });
    const error = await waitingReader(stream, failure).catch((caught) => caught);
    expect(error).toMatchObject({ message: "typed", cause: failure });
    expect(error.stack).toContain("waitingReader");
    expect(ends).toEqual([error]);
  });

  async function waitingReader(stream: ByteStream, error: Error): Promise<void> {
    setImmediate(() => stream.fail(error));
    await readAll(stream);
  }

  it("tells the end at once where nobody reads, and still delivers to a reader that comes", async () => {
    const { stream, ends } = open();
    stream.mapError = (error) => new TypeError("typed", { cause: error });
    stream.push(chunk(1));
    stream.fail(failure);
    expect(ends).toMatchObject([{ message: "typed", cause: failure }]);
    expect(await stream.read()).toEqual(chunk(1));
    await expect(stream.read()).rejects.toThrow("typed");
    expect(ends).toHaveLength(1);
  });

  it("fails once, and not after the end", async () => {
    const { stream, ends } = open();
    stream.finish();
    stream.fail(failure);
    expect(await readAll(stream)).toEqual([]);
    expect(ends).toEqual([undefined]);
  });

  it("causes no unhandled rejection when nobody reads", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const { stream } = open();
    stream.push(chunk(1));
    stream.fail(failure);
    await settle();
    await settle();
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
