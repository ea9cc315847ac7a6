import { handleAll, retry } from "cockatiel";
import { describe, expect, it } from "vitest";
import { policy } from "../../middleware/policy.ts";
import { part, STREAM_END, STREAM_HEAD, sends, silence } from "../support/behaviours.ts";
import type { Script } from "../support/faulty-server.ts";
import { failureOf, loopback, settlesInOneTurn } from "../support/loopback-client.ts";

/** A client with a policy that may run a call twice, and nothing else that repeats it. */
async function underPolicy(script: Script) {
  const test = await loopback(script, { retry: false });
  test.caller.client.middlewareStack.use(policy(retry(handleAll, { maxAttempts: 1 })));
  return test;
}

describe("a stream that was opened under a policy", () => {
  it("ends with the caller's signal, and gives its permit and its connection back", async () => {
    const { server, caller } = await underPolicy([sends(STREAM_HEAD, part("a"))]);
    const controller = new AbortController();
    const { Body } = await caller.stream({ abortSignal: controller.signal });
    const reading = failureOf(Body.text());
    const reason = new Error("user left");
    controller.abort(reason);
    expect(await settlesInOneTurn(reading)).toBe(true);
    expect(await reading).toMatchObject({ name: "AbortError", cause: reason });
    await server.until(() => server.openSockets === 0);
    expect([...caller.client.limiters].map(({ inFlight }) => inFlight)).toEqual([0]);
    expect(caller.clock.pendingTimers).toBe(0);
  });

  it("ends with its client", async () => {
    const { server, caller } = await underPolicy([sends(STREAM_HEAD, part("a"))]);
    const { Body } = await caller.stream();
    const reading = failureOf(Body.text());
    caller.client.destroy();
    expect(await reading).toMatchObject({ name: "AbortError", message: "The client was destroyed" });
    await server.until(() => server.openSockets === 0);
  });

  it("is read to its end, however often it was tried before its head came", async () => {
    const { caller } = await underPolicy([sends("no HTTP"), sends(STREAM_HEAD, part("b"), STREAM_END)]);
    const { Body, $metadata } = await caller.stream();
    expect(await Body.text()).toBe("b");
    expect($metadata.attempts).toBe(2);
  });
});

it("a run of a policy that does not hand on the signal ends with the call all the same", async () => {
  const { server, caller } = await loopback([silence]);
  const heedless = policy({ execute: (run) => run({ signal: new AbortController().signal }) });
  caller.client.middlewareStack.use(heedless);
  const controller = new AbortController();
  const failure = failureOf(caller.invoke({ abortSignal: controller.signal }));
  await server.received(1);
  controller.abort();
  expect(await settlesInOneTurn(failure)).toBe(true);
  await server.until(() => server.openSockets === 0);
});
