import { Agent, errors, MockAgent } from "undici";
import { describe, expect, it } from "vitest";
import { answers, silence } from "../support/behaviours.ts";
import { failureOf, LoopbackClient, loopback, settlesInOneTurn } from "../support/loopback-client.ts";

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
});
