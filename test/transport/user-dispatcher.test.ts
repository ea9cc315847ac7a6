import { Agent, Dispatcher, errors, MockAgent } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { answers, silence } from "../support/behaviours.ts";
import { settle } from "../support/fake-clock.ts";
import { hedgedLoopback } from "../support/hedged-loopback.ts";
import { failureOf, LoopbackClient, loopback, settlesInOneTurn } from "../support/loopback-client.ts";

function mockPool(): Dispatcher {
  const pool = new MockAgent().get("http://localhost:1");
  pool.intercept({ path: "/endpoints/churn/invocations", method: "POST" }).reply(200, "7");
  return pool;
}

/** Looks for the handlers that undici 6 knows, and says what is missing as it does. */
class OldDispatcher extends Dispatcher {
  override dispatch(_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { onHeaders } = handler;
    if (onHeaders === undefined)
      handler.onError?.(new errors.InvalidArgumentError("invalid onHeaders method"));
    return false;
  }
}

describe("a dispatcher of the user", () => {
  it("carries the calls, and is left open by close and destroy", async () => {
    const dispatcher = new Agent();
    const { server, caller } = await loopback([answers()], { dispatcher });
    await caller.invoke();
    await caller.client.close();
    caller.client.destroy();
    expect([dispatcher.closed, dispatcher.destroyed]).toEqual([false, false]);
    expect(server.openSockets).toBe(1);
    await dispatcher.close();
    await server.emptied();
  });

  it("is told to end a call that is aborted", async () => {
    const dispatcher = new Agent();
    const { server, caller } = await loopback([silence], { dispatcher });
    const controller = new AbortController();
    const pending = failureOf(caller.invoke({ abortSignal: controller.signal }));
    await server.received(1);
    const [socket] = server.sockets;
    controller.abort();
    expect(await settlesInOneTurn(pending)).toBe(true);
    await server.until(() => socket?.destroyed === true);
    await dispatcher.destroy();
  });

  it("keeps its connection where calls are given up that wait for it", async () => {
    const dispatcher = new Agent({ connections: 1 });
    const { server, caller } = await loopback([silence, answers()], { dispatcher });
    const first = caller.invoke();
    await server.received(1);
    const controller = new AbortController();
    const waiting = Array.from({ length: 5 }, () =>
      failureOf(caller.invoke({ abortSignal: controller.signal })),
    );
    await settle();
    controller.abort();
    for (const error of await Promise.all(waiting)) {
      expect(error).toMatchObject({ name: "AbortError", mayHaveExecuted: false });
    }
    answers()(server.requests[0]!);
    await Promise.all([first, caller.invoke()]);
    expect([server.connections, server.requests.length]).toEqual([1, 2]);
    await dispatcher.destroy();
  });

  it.each([
    ["a pool of a mock", mockPool],
    ["a dispatcher of undici 6", () => new OldDispatcher()],
  ])(
    "is refused, and not waited for, where it is %s, which calls handlers in another way",
    async (_, make) => {
      const caller = new LoopbackClient("http://localhost:1", { dispatcher: make() });
      const error = await failureOf(caller.invoke());
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^dispatcher must be one of undici 7 or later/);
      expect(await caller.metric("attempts_total")).toBe(1);
    },
  );

  it("is answered by a mock as by a server, and says itself what it does not know", async () => {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    const caller = new LoopbackClient("http://localhost:1", { dispatcher });
    const pool = dispatcher.get("http://localhost:1");
    pool.intercept({ path: "/endpoints/churn/invocations", method: "POST" }).reply(200, "7");
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
    expect(await failureOf(caller.invoke())).toMatchObject({ code: "UND_MOCK_ERR_MOCK_NOT_MATCHED" });
    expect(await caller.metric("attempts_total")).toBe(2);
    await dispatcher.close();
  });

  it("says itself how long it waited for a connection: that is no clock of the client's", async () => {
    const dispatcher = new MockAgent();
    const caller = new LoopbackClient("http://localhost:1", { dispatcher, retry: false });
    dispatcher
      .get("http://localhost:1")
      .intercept({ path: "/endpoints/churn/invocations", method: "POST" })
      .replyWithError(new errors.ConnectTimeoutError("Connect Timeout Error (timeout: 10000ms)"));
    const error = await failureOf(caller.invoke());
    expect(error).toMatchObject({
      name: "ConnectionError",
      phase: "connect",
      code: "UND_ERR_CONNECT_TIMEOUT",
      mayHaveExecuted: false,
      attempts: [{ outcome: "connect_error" }],
    });
    expect(error.message).not.toContain("connectMs");
    await dispatcher.close();
  });

  it("that throws leaves nothing to be cancelled with the call", async () => {
    let isThrowing = false;
    const dispatcher = new Agent().compose((dispatch) => (options, handler) => {
      if (isThrowing) throw new Error("thrown by an interceptor");
      return dispatch(options, handler);
    });
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    onTestFinished(() => void process.off("unhandledRejection", note));
    const { server, caller, slowAfterMs } = await hedgedLoopback([silence], { dispatcher });
    const controller = new AbortController();
    const call = failureOf(caller.invoke({ abortSignal: controller.signal }));
    await server.received(1);
    isThrowing = true;
    await caller.clock.advance(slowAfterMs);
    controller.abort();
    expect(await call).toMatchObject({
      name: "AbortError",
      attempts: [{}, { kind: "hedge", error: "Error" }],
    });
    await settle();
    expect(unhandled).toEqual([]);
    await dispatcher.destroy();
  });
});
