import { describe, expect, it } from "vitest";
import { layer } from "../../lib/layer.ts";
import { answers, part, STREAM_END, STREAM_HEAD, sends, silence } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { failureOf, loopback, settlesInOneTurn } from "../support/loopback-client.ts";

describe("closing a client", () => {
  it("waits for the calls in flight, queued ones included, then closes the connections", async () => {
    const { server, caller } = await loopback([silence, answers()], { maxSockets: 1 });
    const calls = [caller.invoke(), caller.invoke()];
    await server.received(1);
    const closed = caller.client.close();
    await turns(3);
    expect(await settlesInOneTurn(closed)).toBe(false);
    answers()(server.requests[0]!);
    await Promise.all(calls);
    await closed;
    await server.emptied();
    expect(server.requests.length).toBe(2);
  });

  it("waits for a streamed answer that is being read", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
    const { Body } = await caller.stream();
    const closed = caller.client.close();
    const text = Body.text();
    await turns(3);
    expect(await settlesInOneTurn(closed)).toBe(false);
    server.sockets[0]?.write(Buffer.concat([part("b"), STREAM_END]));
    expect(await text).toBe("ab");
    await closed;
    await server.emptied();
  });

  it("refuses new calls at once", async () => {
    const { server, caller } = await loopback([silence]);
    const running = failureOf(caller.invoke());
    await server.received(1);
    const closed = caller.client.close();
    expect(await failureOf(caller.invoke())).toMatchObject({
      name: "AbortError",
      message: "The client was closed",
    });
    caller.client.destroy();
    await Promise.all([closed, running]);
    expect(server.requests.length).toBe(1);
  });

  it("is over at once where nothing is in flight", async () => {
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    await caller.client.close();
    await server.emptied();
  });

  it("may be done twice, and before and after destroy", async () => {
    const { caller } = await loopback([answers()]);
    await caller.invoke();
    await Promise.all([caller.client.close(), caller.client.close()]);
    await caller.client.close();
    caller.client.destroy();
    caller.client.destroy();
    await caller.client.close();

    const other = await loopback([answers()]);
    await other.caller.invoke();
    other.caller.client.destroy();
    await other.caller.client.close();
  });

  it("closes a connection too on which a call was given up before it was written", async () => {
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    const abort = new AbortController();
    const call = failureOf(caller.invoke({ abortSignal: abort.signal }));
    await turns(1);
    abort.abort();
    await call;
    await caller.client.close();
    await server.emptied();
    expect(server.requests.length).toBe(1);
  });

  it("ends when destroy cuts its waiting short", async () => {
    const { server, caller } = await loopback([silence]);
    const running = failureOf(caller.invoke());
    await server.received(1);
    const closed = caller.client.close();
    caller.client.destroy();
    await closed;
    expect(await running).toMatchObject({ name: "AbortError" });
    await server.emptied();
  });

  it("happens at the end of `await using`", async () => {
    const { server, caller } = await loopback([answers()]);
    let isAnswered = false;
    {
      await using client = caller.client;
      void caller.invoke().then(() => {
        isAnswered = true;
      });
      expect(client).toBe(caller.client);
    }
    expect(isAnswered).toBe(true);
    await server.emptied();
  });
});

describe("destroying a client", () => {
  it("ends at once, and sends no more, what a layer of the user began beside its call", async () => {
    const { server, caller } = await loopback([answers(), silence], { maxSockets: 1 });
    await caller.invoke();
    const begun: Promise<unknown>[] = [];
    const twice = layer({ name: "twice", step: "deserialize", priority: "low" }, (next) => (args) => {
      for (let time = 0; time < 3; time++) begun.push(failureOf(next(args)));
      return next(args);
    });
    caller.client.middlewareStack.use(twice);
    const call = failureOf(caller.invoke());
    await server.received(2);
    caller.client.destroy();
    expect(await settlesInOneTurn(Promise.all([...begun, call]))).toBe(true);
    for (const error of await Promise.all(begun)) {
      expect(error).toMatchObject({ name: "AbortError", message: "The client was destroyed" });
    }
    await server.emptied();
    expect([server.connections, server.requests.length]).toEqual([1, 2]);
  });

  it("ends calls and streamed answers at once with an AbortError", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a")), silence]);
    const { Body } = await caller.stream();
    const read = failureOf(Body.text());
    const call = failureOf(caller.invoke());
    await server.received(2);
    await turns(3);
    caller.client.destroy();
    expect(await settlesInOneTurn(Promise.all([read, call]))).toBe(true);
    for (const error of await Promise.all([read, call])) {
      expect(error).toMatchObject({ name: "AbortError", message: "The client was destroyed" });
    }
    await server.emptied();
    expect(caller.clock.pendingTimers).toBe(0);
  });
});
