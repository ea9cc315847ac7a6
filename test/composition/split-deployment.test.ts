import { expect, it } from "vitest";
import { routedClient } from "../support/routed-client.ts";
import type { Settled } from "../support/scripted-client.ts";

it("answers nearly all while a deployment takes one variant away after the other, for 10 s each", async () => {
  const split = { weights: { churn: { a: 1, b: 1, c: 1 } } };
  const test = routedClient({ a: [200], b: [200], c: [200] }, { split });
  const ends: Settled[] = [];
  for (const away of ["a", "b", "c", undefined]) {
    for (const place of ["a", "b", "c"]) test.network.at(place).answerWith(place === away ? 503 : 200);
    for (let i = 0; i < 100; i++) {
      void test.call().then((end) => ends.push(end));
      await test.clock.advance(100);
    }
  }
  expect(ends).toHaveLength(400);
  expect(ends.filter(({ ok }) => !ok).length).toBeLessThan(8);
});
