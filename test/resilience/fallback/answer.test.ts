import { describe, expect, it } from "vitest";
import type { ResponseStreamBody } from "../../../lib/event-stream/response-stream.ts";
import { invokeEndpoint } from "../../../lib/operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../../../lib/operations/invoke-endpoint-async.ts";
import { invokeEndpointWithResponseStream } from "../../../lib/operations/invoke-endpoint-with-response-stream.ts";
import { ResponseBytes } from "../../../lib/protocol/response-bytes.ts";
import { outputOf } from "../../../lib/resilience/fallback/answer.ts";
import type { FallbackAnswer, FallbackBytes } from "../../../lib/resilience/fallback/options.ts";
import { settle } from "../../support/fake-clock.ts";

const waiting = (answer: unknown) => outputOf(answer as FallbackAnswer, invokeEndpoint);
const queued = (answer: unknown) => outputOf(answer as FallbackAnswer, invokeEndpointAsync);
const streamed = (answer: unknown) => outputOf(answer as FallbackAnswer, invokeEndpointWithResponseStream);
const bodyOf = (output: object) => (output as { Body: ResponseStreamBody }).Body;

/** Parts that note which of them were asked for, and whether it was said that no more are wanted. */
class NotedParts implements AsyncIterable<FallbackBytes>, AsyncIterator<FallbackBytes> {
  asked = 0;
  hasReturned = false;
  readonly #parts: readonly FallbackBytes[];

  constructor(parts: readonly FallbackBytes[]) {
    this.#parts = parts;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<FallbackBytes>> {
    const value = this.#parts[this.asked++];
    return value === undefined ? { done: true, value } : { done: false, value };
  }

  async return(): Promise<IteratorResult<FallbackBytes>> {
    this.hasReturned = true;
    throw new Error("cannot end");
  }
}

describe("the output of an answer", () => {
  it("has its members, its bytes as the model's, and metadata of its own", () => {
    const own = Buffer.from("0.5");
    const output = waiting({ Body: own, ContentType: "text/csv", InvokedProductionVariant: "cache" });
    expect(output).toEqual({
      Body: ResponseBytes.over(new Uint8Array([0x30, 0x2e, 0x35])),
      ContentType: "text/csv",
      InvokedProductionVariant: "cache",
      $metadata: {},
    });
    const Body: unknown = bodyOf(output);
    expect(Body).toBeInstanceOf(ResponseBytes);
    own[0] = 0;
    expect((Body as ResponseBytes).transformToString()).toBe("0.5");
  });

  it("has the metadata of an output of another client, as a copy", () => {
    const $metadata = { attempts: 3 };
    const output = waiting({ Body: "", $metadata });
    expect(output.$metadata).toEqual($metadata);
    expect(output.$metadata).not.toBe($metadata);
  });

  it.each([5, null, "secret", undefined])(
    "has metadata of its own where it is given none: %o",
    ($metadata) => {
      expect(waiting({ Body: "", $metadata }).$metadata).toEqual({});
    },
  );

  it("has no body where the call is asynchronous, whatever is given", () => {
    const answer = { Body: "0.5", OutputLocation: "s3://b/k" };
    expect(queued(answer)).toEqual({ OutputLocation: "s3://b/k", $metadata: {} });
    expect(queued({})).toEqual({ $metadata: {} });
  });

  it.each([
    [undefined, "a value of type undefined"],
    [null, "null"],
    ["s3cret", "a value of type string"],
  ])("is none where the answer is no object, and says nothing of the value: %o", (answer, shown) => {
    const message = `an alternative must answer with the members of an output, got ${shown}`;
    for (const make of [waiting, queued, streamed])
      expect(() => make(answer)).toThrow(new TypeError(message));
  });

  it.each([
    [5, "a value of type number"],
    [undefined, "a value of type undefined"],
    [null, "null"],
    [{ secret: "s3cret" }, "an object (Object)"],
  ])("is none without bytes, and says nothing of the value: %o", (Body, shown) => {
    expect(() => waiting({ Body })).toThrow(
      new TypeError(`the Body of an alternative's answer must be text or bytes, got ${shown}`),
    );
    expect(() => streamed({ Body })).toThrow(
      new TypeError(
        `the Body of an alternative's answer must be text, bytes or an async iterable of them, got ${shown}`,
      ),
    );
  });

  it("is none for a call that waits where the answer comes part by part", () => {
    expect(() => waiting({ Body: new NotedParts(["a"]) })).toThrow(/must be text or bytes, got an object/);
  });
});

describe("the stream of an answer", () => {
  const partsOf = async (answer: unknown) => {
    const parts = [];
    for await (const bytes of bodyOf(streamed(answer)).payloads()) parts.push(Buffer.from(bytes).toString());
    return parts;
  };

  it("is one part where it is text or bytes, and none where that is empty", async () => {
    expect(await partsOf({ Body: "sorry" })).toEqual(["sorry"]);
    expect(await partsOf({ Body: Buffer.from("sorry") })).toEqual(["sorry"]);
    expect(await partsOf({ Body: "" })).toEqual([]);
  });

  it("is the parts that are given, each as it is", async () => {
    expect(await partsOf({ Body: new NotedParts(["a", Buffer.from("b"), "c"]) })).toEqual(["a", "b", "c"]);
    expect(await partsOf({ Body: new NotedParts([]) })).toEqual([]);
  });

  it("is the stream of another client as it stands", () => {
    const body = bodyOf(streamed({ Body: "sorry" }));
    expect(bodyOf(streamed({ Body: body }))).toBe(body);
  });

  it("asks for the parts while they are read, and a few ahead", async () => {
    const parts = new NotedParts(Array.from({ length: 100 }, () => "x".repeat(10_000)));
    const reading = bodyOf(streamed({ Body: parts })).payloads();
    await settle();
    const ahead = parts.asked;
    expect(ahead).toBeGreaterThan(1);
    expect(ahead).toBeLessThan(20);
    for (let i = 0; i < 50; i++) await reading.next();
    await settle();
    expect(parts.asked).toBeGreaterThan(50);
    expect(parts.asked).toBeLessThan(50 + 20);
  });

  it("says that no more is wanted when its reader leaves, and asks for no more", async () => {
    const parts = new NotedParts(Array.from({ length: 100 }, () => "x".repeat(10_000)));
    for await (const _ of bodyOf(streamed({ Body: parts })).payloads()) break;
    const { asked } = parts;
    await settle();
    expect(parts.hasReturned).toBe(true);
    expect(parts.asked).toBe(asked);
  });

  it.each([
    [5, "a number"],
    [null, "null"],
    [{ PayloadPart: { Bytes: Buffer.from("s3cret") } }, "an object (Object)"],
  ])("breaks at a part that is no text and no bytes, and says nothing of it: %o", async (part, shown) => {
    let hasEnded = false;
    async function* parts() {
      try {
        yield "a";
        yield part;
        yield "c";
      } finally {
        hasEnded = true;
      }
    }
    await expect(partsOf({ Body: parts() })).rejects.toThrow(
      new TypeError(`a part of an alternative's answer must be text or bytes, got ${shown}`),
    );
    await settle();
    expect(hasEnded).toBe(true);
  });

  it("may be left also where its parts cannot be told to end", async () => {
    let asked = 0;
    const next = async () => ({ done: false, value: `${"x".repeat(10_000)}${asked++}` });
    const parts = { [Symbol.asyncIterator]: () => ({ next }) };
    for await (const _ of bodyOf(streamed({ Body: parts })).payloads()) break;
    const before = asked;
    await settle();
    expect(asked).toBe(before);
  });

  it("breaks with what breaks its parts: an error as it is, anything else as the cause of one", async () => {
    const broken = (reason: unknown): AsyncIterable<FallbackBytes> => ({
      async *[Symbol.asyncIterator]() {
        yield "a";
        throw reason;
      },
    });
    const own = new Error("lost it");
    await expect(partsOf({ Body: broken(own) })).rejects.toBe(own);
    await expect(partsOf({ Body: broken("lost it") })).rejects.toMatchObject({
      message: "the alternative's answer failed",
      cause: "lost it",
    });
  });
});
