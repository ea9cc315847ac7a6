import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { answers, silence } from "../support/behaviours.ts";
import { CALL_STATES, turns } from "../support/call-states.ts";
import { deferred } from "../support/deferred.ts";
import { failureOf, loopback, settlesInOneTurn } from "../support/loopback-client.ts";

describe.each(Object.entries(CALL_STATES))("a call that is %s and is aborted", (_, enter) => {
  it("ends within one turn of the event loop, with the signal's reason as the cause", async () => {
    const controller = new AbortController();
    const { failure } = await enter({ abortSignal: controller.signal });
    const reason = new Error("user left");
    controller.abort(reason);
    expect(await settlesInOneTurn(failure)).toBe(true);
    expect(await failure).toMatchObject({ name: "AbortError", cause: reason });
  });

  it("leaves no connection, timer or listener, and sends nothing more", async () => {
    const controller = new AbortController();
    const state = await enter({ abortSignal: controller.signal });
    const { server, caller, failure, others, lingersMs = 0 } = state;
    const sent = server.requests.length;
    controller.abort();
    await failure;
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    await caller.clock.advance(lingersMs);
    await server.until(() => server.openSockets === others.sockets);
    expect(caller.clock.pendingTimers).toBe(others.timers);
    await caller.clock.advance(60_000);
    await turns(3);
    expect(server.requests.length).toBe(sent);
  });

  it("leaves the way free for the next call", async () => {
    const controller = new AbortController();
    const { failure, nextCallGoesOn } = await enter({ abortSignal: controller.signal });
    controller.abort();
    await failure;
    await nextCallGoesOn();
  });
});

describe.each(Object.entries(CALL_STATES))("a call that is %s when the client is destroyed", (_, enter) => {
  it("ends within one turn of the event loop, and leaves nothing behind", async () => {
    const { server, caller, failure } = await enter({});
    caller.client.destroy();
    expect(await settlesInOneTurn(failure)).toBe(true);
    expect(await failure).toMatchObject({ name: "AbortError", message: "The client was destroyed" });
    await server.emptied();
    expect(caller.clock.pendingTimers).toBe(0);
  });
});

describe("a signal", () => {
  it("that has fired already lets nothing be sent", async () => {
    const { server, caller } = await loopback([answers()]);
    const error = await failureOf(caller.invoke({ abortSignal: AbortSignal.abort("never mind") }));
    expect(error).toMatchObject({ name: "AbortError", cause: "never mind", attempts: [] });
    await turns(3);
    expect(server.connections).toBe(0);
  });

  it("that fires while a layer of the user waits lets nothing be sent afterwards", async () => {
    const { server, caller } = await loopback([answers()]);
    const gate = deferred();
    caller.client.middlewareStack.add(
      (next) => async (args) => {
        await gate.promise;
        return next(args);
      },
      { step: "initialize", name: "waits", priority: "low" },
    );
    const controller = new AbortController();
    const pending = failureOf(caller.invoke({ abortSignal: controller.signal }));
    controller.abort();
    gate.resolve();
    expect(await pending).toMatchObject({ name: "AbortError" });
    await turns(3);
    expect(server.connections).toBe(0);
  });

  it("of many calls has one listener, ends them all, and causes no warning of a leak", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const { server, caller } = await loopback([silence]);
    const { signal, abort } = abortable();
    const calls = Array.from({ length: 50 }, () => failureOf(caller.invoke({ abortSignal: signal })));
    expect(getEventListeners(signal, "abort").length).toBe(1);
    await server.received(50);
    abort();
    for (const { name } of await Promise.all(calls)) expect(name).toBe("AbortError");
    expect(getEventListeners(signal, "abort").length).toBe(0);
    await turns(3);
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });

  it("keeps its listener until the last of its calls has ended", async () => {
    const { server, caller } = await loopback([answers(), silence]);
    const { signal, abort } = abortable();
    // Which of them comes first, and is answered, is up to the network.
    const calls = [caller.invoke({ abortSignal: signal }), caller.invoke({ abortSignal: signal })];
    await Promise.race(calls);
    await server.received(2);
    abort();
    const failed = (await Promise.allSettled(calls)).filter(({ status }) => status === "rejected");
    expect(failed).toMatchObject([{ reason: { name: "AbortError" } }]);
  });
});

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
