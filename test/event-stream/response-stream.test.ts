import { inspect } from "node:util";
import type { ResponseStream as OfficialResponseStream } from "@aws-sdk/client-sagemaker-runtime";
import { describe, expect, expectTypeOf, it } from "vitest";
import { InternalStreamFailure } from "../../lib/errors/service-errors.ts";
import { encodeFrame, exceptionFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { ResponseStreamBody } from "../../lib/event-stream/response-stream.ts";
import type { ResponseStream } from "../../lib/event-stream/types.ts";
import { ByteStream } from "../../lib/transport/byte-stream.ts";
import { settle } from "../support/fake-clock.ts";
import { Answer, collect, METADATA, readEvents } from "./answer.ts";
import { bytes, concat, cut } from "./bytes.ts";

describe("iterating a response stream", () => {
  it("yields the union of the official client, part by part", async () => {
    const events = await collect(new Answer().parts("hel", "lo").finish().body);
    expect(events).toEqual([
      { PayloadPart: { Bytes: bytes("hel") } },
      { PayloadPart: { Bytes: bytes("lo") } },
    ]);
  });

  it("has the members of the official client's type", () => {
    expectTypeOf<ResponseStream.PayloadPartMember>().toEqualTypeOf<OfficialResponseStream.PayloadPartMember>();
    expectTypeOf<keyof ResponseStream>().toEqualTypeOf<keyof OfficialResponseStream>();
    expectTypeOf<ResponseStreamBody>().toExtend<AsyncIterable<ResponseStream>>();
  });

  it("yields a part as soon as it is there", async () => {
    const answer = new Answer();
    const iterator = answer.body[Symbol.asyncIterator]();
    const first = iterator.next();
    answer.parts("now");
    expect((await first).value).toEqual({ PayloadPart: { Bytes: bytes("now") } });
    expect(answer.ends).toEqual([]);
  });

  it("yields the same parts wherever the bytes are cut", async () => {
    const stream = concat(payloadPartFrame(bytes("one")), payloadPartFrame(bytes("two")));
    for (let place = 0; place <= stream.length; place++) {
      const answer = new Answer().push(...cut(stream, [place])).finish();
      expect(await readEvents(answer.body)).toEqual({ texts: ["one", "two"], error: undefined });
    }
  });

  it("ends normally on an empty stream", async () => {
    const answer = new Answer().finish();
    expect(await collect(answer.body)).toEqual([]);
    expect(answer.ends).toEqual([undefined]);
  });

  it("yields empty parts and skips events that nobody knows", async () => {
    const unknown = encodeFrame({ ":message-type": "event", ":event-type": "Heartbeat" }, bytes("x"));
    const answer = new Answer().parts("").push(unknown).parts("a").finish();
    expect((await readEvents(answer.body)).texts).toEqual(["", "a"]);
  });

  it("is refused to a second reader after its end: an empty answer is another one", async () => {
    const { body } = new Answer().parts("a").finish();
    await collect(body);
    await expect(collect(body)).rejects.toThrow(TypeError);
    await expect(body.text()).rejects.toThrow(TypeError);
    expect(() => body.lines()).toThrow(TypeError);
  });

  it("has one reader", async () => {
    const answer = new Answer().parts("a");
    const iterator = answer.body[Symbol.asyncIterator]();
    await iterator.next();
    expect(() => answer.body[Symbol.asyncIterator]()).toThrow(TypeError);
    expect(() => answer.body.sse()).toThrow(
      "the response stream is read once, in one way: it was read before, or is being read",
    );
    await expect(answer.body.text()).rejects.toThrow(TypeError);
    await expect(answer.body.peek()).rejects.toThrow(TypeError);
  });

  it("answers reads that overlap in order", async () => {
    const answer = new Answer();
    const iterator = answer.body[Symbol.asyncIterator]();
    const reads = [iterator.next(), iterator.next(), iterator.next()];
    answer.parts("a", "b").finish();
    const results = await Promise.all(reads);
    expect(results.map(({ value }) => value && Buffer.from(value.PayloadPart!.Bytes!).toString())).toEqual([
      "a",
      "b",
      undefined,
    ]);
  });
});

describe("peeking at a response stream", () => {
  it("waits for the first event and leaves it to the reader", async () => {
    const answer = new Answer();
    let isThere = false;
    const peeked = answer.body.peek().then(() => {
      isThere = true;
    });
    await settle();
    expect(isThere).toBe(false);
    answer.parts("a");
    await peeked;
    await answer.body.peek();
    answer.parts("b").finish();
    expect((await readEvents(answer.body)).texts).toEqual(["a", "b"]);
  });

  it("leaves the first event to a helper, too", async () => {
    const { body } = new Answer().parts("a", "b").finish();
    await body.peek();
    expect(await body.text()).toBe("ab");
  });

  it.each([[["a", "b"]], [[]]])("lets a reader begin meanwhile, who misses nothing of %j", async (texts) => {
    const answer = new Answer();
    const peeked = answer.body.peek();
    const read = readEvents(answer.body);
    answer.parts(...texts).finish();
    await peeked;
    expect(await read).toEqual({ texts, error: undefined });
  });

  it("rejects with an error that is the first event; the stream is over then", async () => {
    const answer = new Answer().push(exceptionFrame("InternalStreamFailure", { Message: "m" }));
    await expect(answer.body.peek()).rejects.toBeInstanceOf(InternalStreamFailure);
    expect(answer.ends).toMatchObject([{ name: "InternalStreamFailure" }]);
    await expect(answer.body.text()).rejects.toThrow(TypeError);
    await expect(answer.body.peek()).rejects.toThrow(TypeError);
  });

  it("returns on an empty stream", async () => {
    const { body } = new Answer().finish();
    await body.peek();
    expect(await collect(body)).toEqual([]);
  });

  it("returns when the stream is cancelled meanwhile, and nothing is handed out afterwards", async () => {
    const waiting = new Answer();
    const peeked = waiting.body.peek();
    waiting.body.cancel();
    await peeked;

    const answered = new Answer().parts("a");
    await answered.body.peek();
    answered.body.cancel();
    expect(await collect(answered.body)).toEqual([]);
  });
});

describe("a response stream, shown", () => {
  it("does not show what it carries", async () => {
    const answer = new Answer().parts("secret", "secret");
    await answer.body.peek();
    for (const shown of [answer.body, answer.bytes, { Body: answer.body }]) {
      expect(inspect(shown, { depth: 10, showHidden: true })).not.toMatch(/secret|Uint8Array|115/);
      expect(JSON.stringify(shown)).not.toMatch(/secret|115/);
    }
  });

  it("reads frames within the limits it is given", async () => {
    const stream = new ByteStream({ resume() {}, cancel() {} });
    const context = { $metadata: METADATA, mapError: (error: unknown) => error as Error };
    const body = new ResponseStreamBody(stream, context, { maxPayloadBytes: 3 });
    stream.push(payloadPartFrame(bytes("four")));
    expect((await readEvents(body)).error).toMatchObject({
      message: "event-stream frame at byte 0: payload must be at most 3 bytes, got 4",
    });
  });
});
