import { describe, expect, it } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import { http, silence } from "../support/behaviours.ts";
import type { FaultyServer } from "../support/faulty-server.ts";
import { hedgedLoopback } from "../support/hedged-loopback.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";
import { standStill } from "../support/stand-still.ts";

const BOUND_MS = 400;
const REAL = { clock: systemClock, retry: false } as const;

/** Answers the newest request just before the event loop stands still for longer than the bound. */
function answerAndStandStill(server: FaultyServer): void {
  server.requests.at(-1)!.socket.write(http());
  standStill(BOUND_MS + 100);
}

describe("an event loop that stands still for longer than a bound", () => {
  const bounds = [
    ["timeouts.attemptMs", { timeouts: { attemptMs: BOUND_MS } }, {}],
    ["timeouts.socketMs", { timeouts: { socketMs: BOUND_MS } }, {}],
    ["callTimeoutMs", { callTimeoutMs: BOUND_MS }, {}],
    ["callTimeoutMs of the call", {}, { callTimeoutMs: BOUND_MS }],
  ] as const;

  it.each(bounds)("does not cost a call its answer that came meanwhile: %s", async (_, config, options) => {
    const { server, caller } = await loopback([silence], { ...REAL, ...config });
    const call = caller.invoke(options);
    await server.received(1);
    answerAndStandStill(server);
    expect((await call).Body.transformToString()).toBe("7");
  });

  it.each(bounds)("ends a call that nothing came for: %s", async (_, config, options) => {
    const { server, caller } = await loopback([silence], { ...REAL, ...config });
    const call = failureOf(caller.invoke(options));
    await server.received(1);
    standStill(BOUND_MS + 100);
    expect(await call).toMatchObject({ name: "TimeoutError", timeoutMs: BOUND_MS });
  });

  it("sends no hedge beside an attempt whose answer came meanwhile", async () => {
    const hedge = { minimumSamples: 8, maxExtraLoad: 0.5, minDelayMs: BOUND_MS };
    const { server, caller } = await hedgedLoopback([silence], { ...REAL, hedge });
    const call = caller.invoke();
    await server.received(1);
    answerAndStandStill(server);
    expect((await call).$metadata.attempts).toBe(1);
    expect(server.requests.length).toBe(1);
  });
});
