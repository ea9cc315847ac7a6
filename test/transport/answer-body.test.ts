import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerBody } from "../../lib/transport/answer-body.ts";
import { answers, head, sendsAndHangsUp } from "../support/behaviours.ts";
import { loopback } from "../support/loopback-client.ts";
import { cut } from "./answer-reading.ts";

describe("the body of an answer", () => {
  it("is what came, in whatever pieces, and whether or not its length was known", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), lengths, fc.boolean(), (sent, lengths, isKnown) => {
        const body = new AnswerBody(isKnown ? sent.length : undefined);
        const buffer = Buffer.alloc(200);
        for (const piece of cut(sent, lengths)) {
          buffer.set(piece, 7);
          body.add(buffer, 7, 7 + piece.length);
        }
        buffer.fill(0xff);
        expect(Buffer.compare(body.whole(), sent)).toBe(0);
        expect(body.length).toBe(sent.length);
      }),
    );
  });

  it.each([
    ["in one piece", 16, [16]],
    ["in two", 16, [8, 8]],
    ["in a long one and a short one", 16, [10, 6]],
    ["without a length", undefined, [16]],
    ["without a length, in two", undefined, [8, 8]],
  ])("can be looked at as numbers, in memory that has nothing else: %s", (_, bodyBytes, pieces) => {
    const body = new AnswerBody(bodyBytes);
    for (const length of pieces) body.add(Buffer.alloc(64, 1), 3, 3 + length);
    expect([...new Uint32Array(body.whole().buffer)]).toEqual(Array(4).fill(0x01010101));
  });

  it("is handed to the caller so: as numbers, without a copy", async () => {
    const { caller } = await loopback([
      answers({ body: new Uint8Array(new Float32Array([1.5, -2]).buffer) }),
    ]);
    const { Body } = await caller.invoke();
    expect([...new Float32Array(Body.buffer)]).toEqual([1.5, -2]);
  });

  it("ends with its connection where nothing says how long it is", async () => {
    const { server, caller } = await loopback([sendsAndHangsUp(head(200, {}), "0.5"), answers()]);
    expect((await caller.invoke()).Body.transformToString()).toBe("0.5");
    await caller.invoke();
    expect(server.connections).toBe(2);
  });

  it("takes no memory for what is only announced", () => {
    const body = new AnswerBody(Number.MAX_SAFE_INTEGER);
    body.add(Buffer.from("ab"), 0, 2);
    expect(Buffer.from(body.whole()).toString()).toBe("ab");
  });
});
