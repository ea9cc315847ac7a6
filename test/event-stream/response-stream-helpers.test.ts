import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { AbortError, InvalidResponseError } from "../../lib/errors/local-errors.ts";
import { exceptionFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { Answer, collect, METADATA, rawFailure } from "./answer.ts";
import { bytes, concat, cut, places } from "./bytes.ts";

/** An answer with this text, cut into parts at some places and its stream into chunks at others. */
function answerOf(text: string, partPlaces: readonly number[], chunkPlaces: readonly number[]): Answer {
  const stream = concat(...cut(bytes(text), partPlaces).map(payloadPartFrame));
  return new Answer().push(...cut(stream, chunkPlaces)).finish();
}

describe("the helpers of a response stream", () => {
  it("give the payloads", async () => {
    const { body } = new Answer().parts("a", "b").finish();
    expect(await collect(body.payloads())).toEqual([bytes("a"), bytes("b")]);
  });

  it("give the text, whatever it is cut into", async () => {
    const text = fc.string({ unit: "grapheme" });
    await fc.assert(
      fc.asyncProperty(text, places, places, async (whole, partPlaces, chunkPlaces) => {
        expect(await answerOf(whole, partPlaces, chunkPlaces).body.text()).toBe(whole.replace(/^\uFEFF/, ""));
      }),
    );
  });

  it("flush a character that the end cut off", async () => {
    const { body } = new Answer().push(payloadPartFrame(bytes("aü").slice(0, 2))).finish();
    expect(await body.text()).toBe("a\uFFFD");
  });

  it("give lines, whatever they are cut into, the last one without an end too", async () => {
    const lines = fc.array(
      fc.string({ unit: "grapheme" }).map((line) => line.replace(/[\r\n\uFEFF]/g, "") || "-"),
    );
    await fc.assert(
      fc.asyncProperty(lines, places, places, async (written, partPlaces, chunkPlaces) => {
        const { body } = answerOf(written.join("\r\n"), partPlaces, chunkPlaces);
        expect(await collect(body.lines())).toEqual(written);
      }),
    );
  });

  it("give values of JSON Lines, typed as the caller says", async () => {
    const { body } = new Answer().parts('{"a"', ":1}\n{", '"a":2}').finish();
    const values = body.jsonLines<{ a: number }>();
    expectTypeOf(values).toExtend<AsyncIterable<{ a: number }>>();
    expect(await collect(values)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it("give server-sent events", async () => {
    const { body } = new Answer().parts('data: {"t', '":1}\n\nda', "ta: [DONE]\n").finish();
    expect((await collect(body.sse())).map((event) => event.data)).toEqual(['{"t":1}', "[DONE]"]);
  });

  it("hand out a line as soon as it is whole", async () => {
    const answer = new Answer();
    const lines = answer.body.lines();
    const first = lines.next();
    answer.parts("on", "e\ntw");
    expect((await first).value).toBe("one");
  });

  it("throw the error that broke the stream, after the items before it and without the broken one", async () => {
    const answer = new Answer().parts("one\ntw").push(exceptionFrame("ModelStreamError", { Message: "m" }));
    const seen: string[] = [];
    const reading = (async () => {
      for await (const line of answer.body.lines()) seen.push(line);
    })();
    await expect(reading).rejects.toMatchObject({ name: "ModelStreamError", $metadata: METADATA });
    expect(seen).toEqual(["one"]);
  });

  it("never give a text that broke off", async () => {
    const answer = new Answer().parts("a");
    answer.bytes.fail(rawFailure());
    await expect(answer.body.text()).rejects.toThrow("typed");
  });

  it("make no whole text of what broke off when they are asked again", async () => {
    const broken = new Answer().parts("half").push(exceptionFrame("ModelStreamError", { Message: "m" }));
    await expect(broken.body.text()).rejects.toMatchObject({ name: "ModelStreamError" });
    await expect(broken.body.text()).rejects.toThrow("the response stream is read once, in one way");
    const unreadable = new Answer().parts("no JSON\n");
    await expect(collect(unreadable.body.jsonLines())).rejects.toBeInstanceOf(InvalidResponseError);
    await expect(unreadable.body.text()).rejects.toThrow("the response stream is read once, in one way");
    expect(() => unreadable.body.jsonLines()).toThrow(TypeError);
  });
});

describe("the limit of the helpers", () => {
  it("is 1 MiB a line", async () => {
    const longest = "x".repeat(1_048_576);
    expect(await collect(new Answer().parts(`${longest}\n`).finish().body.lines())).toEqual([longest]);
    await expect(collect(new Answer().parts(`${longest}x\n`).finish().body.lines())).rejects.toThrow(
      "line 1 of the answer must be at most 1048576 bytes (maxLineBytes)",
    );
  });

  it.each(["lines", "jsonLines", "sse"] as const)(
    "is an InvalidResponseError with metadata in %s(), and cancels the stream, which was sound",
    async (helper) => {
      const answer = new Answer().parts("123456");
      const reading = collect<unknown>(answer.body[helper]({ maxLineBytes: 4 }));
      await expect(reading).rejects.toBeInstanceOf(InvalidResponseError);
      await expect(reading).rejects.toMatchObject({ $metadata: METADATA });
      expect(answer.cancelled).toBe(1);
      expect(answer.ends).toEqual([undefined]);
    },
  );

  it("is checked at the call", () => {
    const { body } = new Answer();
    expect(() => body.lines({ maxLineBytes: 0 })).toThrow(
      "maxLineBytes must be a whole number of at least 1, got 0",
    );
    expect(() => body.sse({ maxLine: 3 } as object)).toThrow(
      "maxLine is not an option; known here: maxLineBytes",
    );
  });
});

describe("a response stream that is cancelled while a helper reads", () => {
  it("ends a loop without the line that was begun", async () => {
    const answer = new Answer().parts("one\ntw");
    const lines = answer.body.lines();
    expect((await lines.next()).value).toBe("one");
    const next = lines.next();
    answer.body.cancel();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(answer.cancelled).toBe(1);
  });

  it("ends a loop without the other lines of the part that it is at", async () => {
    const answer = new Answer().parts("one\ntwo\nthree");
    const seen: string[] = [];
    for await (const line of answer.body.lines()) {
      seen.push(line);
      answer.body.cancel();
    }
    expect(seen).toEqual(["one"]);
  });

  it("rejects a text with an AbortError: a part must not look like the whole", async () => {
    const answer = new Answer().parts("one");
    const text = answer.body.text();
    answer.body.cancel();
    await expect(text).rejects.toBeInstanceOf(AbortError);
    await expect(answer.body.text()).rejects.toBeInstanceOf(AbortError);
  });
});
