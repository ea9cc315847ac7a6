import { describe, expect, it } from "vitest";
import { type Settled, scriptedClient } from "../support/scripted-client.ts";

/** A client with six attempts that will never be answered, and a limit that refusals have cut to four since. */
async function cutBelowLost() {
  const test = scriptedClient([200], { maxAttempts: 1, circuitBreaker: false });
  await test.call();
  test.network.answerWith("silence");
  const lost = Array.from({ length: 6 }, () => test.call());
  await test.clock.advance(10);
  test.network.answerWith(503);
  for (let i = 0; i < 60; i++) {
    void test.call();
    await test.clock.advance(20);
  }
  test.network.answerWith({ afterMs: 50, answer: 200 });
  return { ...test, lost };
}

describe("attempts that are lost while a cut brings the limit below their number", () => {
  it("hold their permits, but nobody up for longer than 8 s", async () => {
    const { call, client, clock } = await cutBelowLost();
    expect([...client.limiters].map(({ limit, inFlight }) => [limit, inFlight])).toEqual([[4, 6]]);
    const ends: Settled[] = [];
    for (let i = 0; i < 200; i++) {
      void call().then((end) => ends.push(end));
      await clock.advance(100);
    }
    await clock.advance(1_000);
    expect(ends.filter(({ ok }) => ok)).toHaveLength(200);
  });

  it("count for nothing any more once they have ended", async () => {
    const { call, client, clock, lost } = await cutBelowLost();
    for (let i = 0; i < 90; i++) {
      void call();
      await clock.advance(100);
    }
    await clock.advance(70_000);
    for (const { error } of await Promise.all(lost)) expect(error).toMatchObject({ clock: "socket" });
    client.reconfigure({ concurrencyLimit: { max: 4, initial: 4 } });
    await clock.advance(10_000);
    for (let i = 0; i < 20; i++) void call();
    await clock.advance(0);
    expect([...client.limiters].map(({ limit, inFlight }) => [limit, inFlight])).toEqual([[4, 4]]);
    client.destroy();
  });
});
