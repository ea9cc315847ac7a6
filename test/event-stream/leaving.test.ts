import { once } from "node:events";
import { createServer, get, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { ResponseStreamBody } from "../../lib/event-stream/response-stream.ts";
import { ByteStream } from "../../lib/transport/byte-stream.ts";
import { settle } from "../support/fake-clock.ts";
import { Answer, collect, rawFailure } from "./answer.ts";
import { concat } from "./bytes.ts";

describe("leaving a response stream", () => {
  it("by break cancels the HTTP stream and drops the rest", async () => {
    const answer = new Answer().parts("a", "b");
    for await (const _ of answer.body) break;
    expect(answer.cancelled).toBe(1);
    expect(answer.ends).toEqual([undefined]);
    expect(await collect(answer.body)).toEqual([]);
  });

  it("by an error in the loop cancels the HTTP stream and keeps that error", async () => {
    const answer = new Answer().parts("a");
    const reading = (async () => {
      for await (const _ of answer.body) throw new Error("mine");
    })();
    await expect(reading).rejects.toThrow("mine");
    expect(answer.cancelled).toBe(1);
  });

  it.each(["payloads", "lines", "jsonLines", "sse"] as const)(
    "by break out of %s() does too",
    async (helper) => {
      const answer = new Answer().parts('"a"\n', 'data: "b"\n\n');
      for await (const _ of answer.body[helper]()) break;
      expect(answer.cancelled).toBe(1);
    },
  );

  it("before the first read cancels the HTTP stream", async () => {
    const answer = new Answer();
    await answer.body[Symbol.asyncIterator]().return?.();
    expect(answer.cancelled).toBe(1);
    expect(await collect(answer.body)).toEqual([]);
  });

  it("while a read waits ends that read", async () => {
    const answer = new Answer();
    const lines = answer.body.lines();
    const read = lines.next();
    await settle();
    await lines.return?.();
    expect(await read).toEqual({ done: true, value: undefined });
    expect(answer.cancelled).toBe(1);
  });

  it.each([false, true])(
    "by destroying a Readable made from it works at once (read before: %s)",
    async (isRead) => {
      const answer = new Answer();
      const readable = Readable.from(answer.body.sse());
      if (isRead) readable.read();
      await settle();
      readable.destroy();
      await once(readable, "close");
      expect(answer.cancelled).toBe(1);
    },
  );

  it("by cancel() ends a loop that waits, once", async () => {
    const answer = new Answer().parts("a");
    const all = collect(answer.body);
    await settle();
    answer.body.cancel();
    answer.body.cancel();
    expect(await all).toHaveLength(1);
    expect(answer.cancelled).toBe(1);
  });

  it("by cancel() drops the parts that were read but not handed out", async () => {
    const frame = payloadPartFrame(new Uint8Array(1));
    const answer = new Answer().push(concat(frame, frame, frame)).finish();
    const seen: unknown[] = [];
    for await (const event of answer.body) {
      seen.push(event);
      answer.body.cancel();
    }
    expect(seen).toHaveLength(1);
  });

  it("by cancel() inside a frame is no error: the rest of it is not missed", async () => {
    const frame = payloadPartFrame(new Uint8Array(100));
    const answer = new Answer().push(frame.subarray(0, 50));
    const all = collect(answer.body);
    await settle();
    answer.body.cancel();
    expect(await all).toEqual([]);
    expect(answer.ends).toEqual([undefined]);
  });

  it("after the end cancels nothing, and lets no other reader find an empty answer", async () => {
    const answer = new Answer().parts("a").finish();
    await collect(answer.body);
    answer.body.cancel();
    expect(answer.cancelled).toBe(0);
    expect(() => answer.body.lines()).toThrow(TypeError);
  });
});

describe("a response stream that nobody reads", () => {
  it("causes no unhandled rejection when it fails", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const answer = new Answer().parts("a");
    answer.bytes.fail(rawFailure());
    await settle();
    await settle();
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it("tells its end the typed error when it fails", () => {
    const answer = new Answer().parts("a");
    answer.bytes.fail(rawFailure());
    expect(answer.ends).toMatchObject([{ message: "typed" }]);
  });

  it("is cancelled when it is garbage-collected", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    let cancelled = 0;
    const streams = Array.from({ length: 20 }, () => {
      const stream = new ByteStream({ resume() {}, cancel: () => cancelled++ });
      new ResponseStreamBody(stream, { $metadata: {}, mapError: (error) => error as Error });
      return stream;
    });
    for (let round = 0; round < 50 && cancelled < streams.length; round++) {
      await settle();
      collectGarbage();
    }
    expect(cancelled).toBe(streams.length);
  });
});

describe("leaving a response stream that comes over HTTP", () => {
  it("closes the exchange at the server, which would write for ever", async () => {
    const server = createServer(writeForEver).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const closed = once(server, "exchangeClosed");

    function writeForEver(_request: unknown, response: ServerResponse): void {
      response.on("close", () => server.emit("exchangeClosed"));
      const frame = payloadPartFrame(new Uint8Array(10_000));
      const write = () => {
        while (!response.destroyed && response.write(frame));
      };
      response.on("drain", write);
      write();
    }

    const [response] = await once(get({ port, host: "127.0.0.1" }), "response");
    const stream = new ByteStream({ resume: () => response.resume(), cancel: () => response.destroy() });
    response.on("data", (chunk: Uint8Array) => {
      if (!stream.push(chunk)) response.pause();
    });
    const body = new ResponseStreamBody(stream, { $metadata: {}, mapError: (error) => error as Error });
    let received = 0;
    for await (const payload of body.payloads()) {
      received += payload.length;
      if (received > 1_000_000) break;
    }
    await closed;
    server.close();
    expect(received).toBeGreaterThan(1_000_000);
  });
});
