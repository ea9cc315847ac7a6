import { describe, expect, it } from "vitest";
import { sleep } from "../../lib/cancellation.ts";
import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { attemptOf } from "../../lib/types.ts";
import { type ScriptedClient, scriptedClient } from "../support/scripted-client.ts";

const ATTEMPT_MS = 300;
const streaming = { status: 200, body: payloadPartFrame(Buffer.from("hello")) };

/** A client of a silent endpoint, where the limit alone says how many may start. */
function silentEndpoint(): ScriptedClient {
  return scriptedClient(["silence"], {
    maxAttempts: 1,
    circuitBreaker: false,
    timeouts: { attemptMs: ATTEMPT_MS },
  });
}

function openStream({ client }: ScriptedClient) {
  return client.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "{}" }));
}

async function loseCall({ call, clock, network }: ScriptedClient): Promise<void> {
  network.answerWith("silence");
  const lost = call();
  await clock.advance(ATTEMPT_MS);
  expect((await lost).error).toMatchObject({ name: "TimeoutError", clock: "attempt" });
}

const isPacing = ({ client }: ScriptedClient): boolean =>
  [...client.limiters].some(({ pacingForMs }) => pacingForMs !== undefined);

describe("streams of an endpoint of which some calls time out", () => {
  it("say by their heads that it answers, long before they end", async () => {
    const test = silentEndpoint();
    for (let round = 0; round < 5; round++) {
      await loseCall(test);
      test.network.answerWith(streaming);
      await openStream(test);
    }
    expect(isPacing(test)).toBe(false);
    test.client.destroy();
  });

  it("hold nobody up who waits while starts are spaced, though nobody reads them", async () => {
    const test = silentEndpoint();
    await loseCall(test);
    await loseCall(test);
    expect(isPacing(test)).toBe(true);
    test.network.answerWith(streaming);
    let heads = 0;
    for (let stream = 0; stream < 4; stream++) void openStream(test).then(() => heads++);
    await test.clock.advance(1_000);
    expect(heads).toBe(4);
    test.client.destroy();
  });
});

describe("an attempt that a layer holds up ahead of the limit", () => {
  /** A layer that lets the next attempt wait, and those after it go on. */
  function holdUpNext({ client }: ScriptedClient, delayMs: number): void {
    let leftMs = delayMs;
    const place = { name: "tokens", relation: "after", toMiddleware: "retry" } as const;
    client.middlewareStack.use(
      layer(place, (next) => async (args) => {
        const waitMs = leftMs;
        leftMs = 0;
        if (waitMs > 0) await sleep(args.call.clock, waitMs, attemptOf(args));
        return next(args);
      }),
    );
  }

  it("takes no place for good where starts were spaced meanwhile", async () => {
    const test = silentEndpoint();
    const { call, clock, network } = test;
    holdUpNext(test, 2_000);
    const heldUp = call();
    await loseCall(test);
    await loseCall(test);
    expect(isPacing(test)).toBe(true);
    network.answerWith(200);
    await clock.advance(2_000);
    expect((await heldUp).ok).toBe(true);
    expect((await call()).ok).toBe(true);
    expect(isPacing(test)).toBe(false);
  });

  it("counts from its permit on: the wait is not the target's", async () => {
    const test = silentEndpoint();
    test.network.answerWith(400);
    holdUpNext(test, 2_000);
    const heldUp = test.call();
    await test.clock.advance(2_000);
    expect((await heldUp).error?.attempts).toMatchObject([{ durationMs: 0 }]);
    expect(await test.metric("attempt_duration_seconds_sum", {})).toBe(0);
  });

  it("counts as queued from when it came to the queue", async () => {
    const test = scriptedClient(["silence", 200], { concurrencyLimit: 1, circuitBreaker: false });
    const holder = test.call({}, { callTimeoutMs: 3_000 });
    await test.clock.advance(0);
    holdUpNext(test, 2_000);
    const queued = test.call();
    await test.clock.advance(3_000);
    await holder;
    expect((await queued).ok).toBe(true);
    expect(await test.metric("queue_wait_seconds_sum", {})).toBe(1);
  });
});

describe("an attempt that is lost while starts are spaced", () => {
  it("costs none of those who wait their answer, once the target is well", async () => {
    const { call, clock, network, client } = scriptedClient(["silence"], {
      maxAttempts: 1,
      circuitBreaker: false,
    });
    const lost = [call(), call()];
    await clock.advance(71_000);
    network.answerWith("silence", 200);
    lost.push(call());
    const waiting = [call(), call(), call()];
    await clock.advance(8_000);
    expect((await Promise.all(waiting)).map(({ ok }) => ok)).toEqual([true, true, true]);
    await clock.advance(70_000);
    expect((await Promise.all(lost)).map(({ ok }) => ok)).toEqual([false, false, false]);
    expect([...client.limiters].map(({ inFlight }) => inFlight)).toEqual([0]);
    client.destroy();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("an endpoint that loses one attempt in ten and answers the others at once", () => {
  it("is asked as often as ever: what is lost is no silence", async () => {
    const { call, clock, network } = scriptedClient([200], {
      maxAttempts: 1,
      timeouts: { attemptMs: 100 },
      callTimeoutMs: 300,
    });
    const calls: ReturnType<typeof call>[] = [];
    for (let index = 0; index < 3_000; index++) {
      // Now and then two or three after each other, as it is where that is by chance.
      const isLost = [3, 14, 15, 21, 37, 51, 52, 53, 70, 88].includes(index % 100);
      network.answerWith(isLost ? "silence" : { afterMs: 20, answer: 200 });
      calls.push(call());
      await clock.advance(4);
    }
    await clock.advance(1_000);
    const answered = (await Promise.all(calls)).filter(({ ok }) => ok).length;
    expect(answered).toBe(2_700);
  });
});
