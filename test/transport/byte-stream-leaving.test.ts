import { describe, expect, it } from "vitest";
import { chunk, open } from "./open-stream.ts";

describe("leaving a byte stream", () => {
  it("cancels the transport once and drops what waits", async () => {
    const { source, stream, ends } = open();
    stream.push(chunk(1));
    stream.push(chunk(2));
    for await (const _ of stream) break;
    expect(source.cancelled).toBe(1);
    expect(ends).toEqual([undefined]);
    stream.close();
    stream.fail(new Error("late"));
    expect(source.cancelled).toBe(1);
    expect(await stream.read()).toBeUndefined();
  });

  it("ends the read that waits", async () => {
    const { source, stream } = open();
    const read = stream.read();
    stream.close();
    expect(await read).toBeUndefined();
    expect(source.cancelled).toBe(1);
  });

  it("tells what the reader found in the bytes", () => {
    const { stream, ends } = open();
    const found = new Error("found");
    stream.close(found);
    expect(ends).toEqual([found]);
  });

  it("tells the failure that the reader did not wait for", async () => {
    const { source, stream, ends } = open();
    const failure = new Error("reset");
    stream.push(chunk(1));
    stream.push(chunk(2));
    await stream.read();
    stream.fail(failure);
    stream.close();
    expect(ends).toEqual([failure]);
    expect(source.cancelled).toBe(0);
    expect(await stream.read()).toBeUndefined();
  });

  it("does not cancel a transport that was done", async () => {
    const { source, stream } = open();
    stream.push(chunk(1));
    stream.finish();
    await stream.return();
    expect(source.cancelled).toBe(0);
  });
});
