import { afterEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import { answers, part, resets, STREAM_HEAD, sends } from "../support/behaviours.ts";
import { settle } from "../support/fake-clock.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";

/** What Jest and Vitest replace between them where they are asked for nothing in particular. */
const FAKED = [
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "setImmediate",
  "clearImmediate",
  "queueMicrotask",
  "performance",
  "Date",
] as const;

const fakeTimers = () => vi.useFakeTimers({ toFake: [...FAKED] });

afterEach(() => void vi.useRealTimers());

describe("in a test that has faked the timers and moves no time, a call", () => {
  it("is answered, also on a connection that has carried others", async () => {
    const { server, caller } = await loopback([answers()]);
    fakeTimers();
    for (let call = 0; call < 3; call++) await caller.invoke();
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  it("is answered where its payload is hashed and sent in slices", async () => {
    const { server, caller } = await loopback([answers()]);
    fakeTimers();
    await caller.invoke({}, { Body: Buffer.alloc(2_000_000) });
    expect(server.requests[0]?.body.length).toBe(2_000_000);
  });

  it("is answered where the server had just closed the connection", async () => {
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    await settle();
    server.play([resets, answers()]);
    fakeTimers();
    expect((await caller.invoke()).$metadata.attempts).toBe(1);
  });

  it("is answered where it waited for a connection and one was lost", async () => {
    const { server, caller } = await loopback([resets, answers()], { maxSockets: 1, retry: false });
    fakeTimers();
    const ends = await Promise.allSettled([caller.invoke(), caller.invoke()]);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(server.requests.length).toBe(2);
  });

  it("that gave a stream which nobody reads holds up no end of an await using", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
    fakeTimers();
    await caller.stream();
    await caller.client[Symbol.asyncDispose]();
    await server.emptied();
  });
});

describe("a client that was first used while timers were faked", () => {
  const silent = () => {};

  it.each([
    ["call", { callTimeoutMs: 1_000 }],
    ["socket", { timeouts: { socketMs: 1_000 } }],
  ])(
    "ends a later call by its %s clock all the same, which goes by the timers of then",
    async (clock, bound) => {
      const { server, caller } = await loopback([answers(), silent], { clock: systemClock, ...bound });
      fakeTimers();
      await caller.invoke();
      vi.useRealTimers();
      fakeTimers();
      const failure = failureOf(caller.invoke());
      await server.received(2);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await failure).toMatchObject({ name: "TimeoutError", clock });
    },
  );
});
