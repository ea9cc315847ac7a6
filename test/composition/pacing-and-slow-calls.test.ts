import { expect, it } from "vitest";
import { scriptedClient } from "../support/scripted-client.ts";

it("refuses none of those who wait while starts are spaced, whatever the breaker takes for slow", async () => {
  const { call, clock, network, client } = scriptedClient(["silence"], {
    maxAttempts: 1,
    timeouts: { attemptMs: 300 },
    circuitBreaker: { slowCallMs: 250, breaker: { minimumThroughput: 4 } },
  });
  const lost = Array.from({ length: 4 }, () => call());
  await clock.advance(8_000);
  network.answerWith(200);
  const waiting = Array.from({ length: 4 }, () => call());
  await clock.advance(8_000);
  expect((await Promise.all(waiting)).map(({ error }) => error?.name)).toEqual(Array(4).fill(undefined));
  expect((await Promise.all(lost)).map(({ error }) => error?.name)).toEqual(Array(4).fill("TimeoutError"));
  expect([...client.breakers].map(({ state }) => state)).toEqual(["closed"]);
});
