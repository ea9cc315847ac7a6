import { describe, expect, it } from "vitest";
import { head, http, sends } from "../support/behaviours.ts";
import { loopback } from "../support/loopback-client.ts";

/** More than is read of an error. */
const BYTES = 3_000_000;
const ANSWER = "x".repeat(BYTES);

/** In pieces of no round number. */
function chunked(text: string): string {
  const pieces = text.match(/.{1,70001}/g)!.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`);
  return `${pieces.join("")}0\r\n\r\n`;
}

describe("an answer of megabytes", () => {
  it.each([
    ["whose length is said ahead", [http({ body: ANSWER })]],
    ["in chunks", [head(200, { "transfer-encoding": "chunked" }), chunked(ANSWER)]],
  ])("is whole, %s, and leaves its connection to the next call", async (_, pieces) => {
    const { server, caller } = await loopback([sends(...pieces)]);
    for (let call = 0; call < 2; call++) {
      const { Body } = await caller.invoke();
      expect(Body.transformToString() === ANSWER).toBe(true);
    }
    expect(server.connections).toBe(1);
  });
});
