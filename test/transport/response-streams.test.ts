import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { Attempt } from "../../lib/attempt.ts";
import type { ResponseStreamBody } from "../../lib/event-stream/response-stream.ts";
import {
  answers,
  part,
  STREAM_END,
  STREAM_HEAD,
  sends,
  sendsAndHangsUp,
  sendsAndResets,
} from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { failureOf, loopback, settlesInOneTurn } from "../support/loopback-client.ts";

/** Turns of the event loop after which a stream that nobody reads has filled every buffer on its way. */
const TURNS_TO_FILL = 1_000;

/** The first part of an answer, as text, and the reader that goes on from there. */
async function readFirst(body: ResponseStreamBody) {
  const parts = body.payloads();
  const { value } = await parts.next();
  return { text: Buffer.from(value ?? []).toString(), parts };
}

describe("a streamed answer", () => {
  it("is handed out at its head, and its parts as they come", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD)]);
    const { Body, InvokedProductionVariant } = await caller.stream();
    expect(InvokedProductionVariant).toBe("blue");
    const text = Body.text();
    for (const word of ["one ", "two ", "three"]) {
      server.sockets[0]?.write(part(word));
      await turns(2);
    }
    server.sockets[0]?.write(STREAM_END);
    expect(await text).toBe("one two three");
  });

  it("may be announced by hints", async () => {
    const hints = "HTTP/1.1 103 Early Hints\r\n\r\n";
    const { caller } = await loopback([sends(hints, STREAM_HEAD, part("all"), STREAM_END)]);
    const { Body, $metadata } = await caller.stream();
    expect($metadata.httpStatusCode).toBe(200);
    expect(await Body.text()).toBe("all");
  });

  it("that ends while more waits than its reader has taken leaves its connection to the next call", async () => {
    const half = part("x".repeat(50_000));
    const { server, caller } = await loopback([sends(STREAM_HEAD, half, half, STREAM_END), answers()]);
    const { Body } = await caller.stream();
    await turns(TURNS_TO_FILL);
    expect(await Body.text()).toHaveLength(100_000);
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
    expect(server.connections).toBe(1);
  });

  it("that was read to its end leaves its connection to the next call", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("all"), STREAM_END)]);
    for (let i = 0; i < 3; i++) {
      expect(await (await caller.stream()).Body.text()).toBe("all");
      await turns(1);
    }
    expect(server.connections).toBe(1);
    expect(caller.clock.pendingTimers).toBe(0);
  });

  it("ends its connection when the reader leaves the loop", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"), part("b"))]);
    const { Body } = await caller.stream();
    for await (const _ of Body) break;
    await server.emptied();
    expect(caller.clock.pendingTimers).toBe(0);
    expect(await caller.metric("requests_total", { outcome: "ok" })).toBe(1);
  });

  it("gives its connection's place to the next call when the reader leaves", async () => {
    const { caller } = await loopback([sends(STREAM_HEAD, part("a"))], { maxSockets: 1 });
    for (let i = 0; i < 3; i++) {
      for await (const _ of (await caller.stream()).Body) break;
    }
  });
});

describe("a streamed answer that breaks off", () => {
  it.each([
    ["a reset", sendsAndResets(STREAM_HEAD, part("a"))],
    ["the end of the connection", sendsAndHangsUp(STREAM_HEAD, part("a"))],
  ])("by %s is a ConnectionError with the request id, and is not tried again", async (_, behaviour) => {
    const { server, caller } = await loopback([behaviour]);
    const { Body } = await caller.stream();
    const { text, parts } = await readFirst(Body);
    expect(text).toBe("a");
    expect(await failureOf(parts.next())).toMatchObject({
      name: "ConnectionError",
      phase: "body",
      mayHaveExecuted: true,
      $metadata: { requestId: "request-1", httpStatusCode: 200, attempts: 1 },
      attempts: [{ outcome: "reset", error: "ConnectionError", durationMs: 0, httpStatusCode: 200 }],
    });
    expect(server.requests.length).toBe(1);
    expect(await caller.metric("attempts_total", { outcome: "reset" })).toBe(1);
    expect(await caller.metric("requests_total", { outcome: "reset" })).toBe(1);
  });

  it.each(["abort", "destroy"])(
    "by %s is over at once, though its reader is busy with a part and may never come back",
    async (how) => {
      const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
      const controller = new AbortController();
      const { parts } = await readFirst((await caller.stream({ abortSignal: controller.signal })).Body);
      const [limiter] = caller.client.limiters;
      if (how === "abort") controller.abort();
      else caller.client.destroy();
      expect(limiter?.inFlight).toBe(0);
      expect(await caller.metric("requests_in_flight")).toBe(0);
      expect(await caller.metric("attempts_total", { outcome: "cancelled" })).toBe(1);
      expect(await caller.metric("requests_total", { outcome: "cancelled" })).toBe(1);
      await server.emptied();
      expect(await failureOf(parts.next())).toMatchObject({
        name: "AbortError",
        attempts: [{ outcome: "cancelled" }],
      });
      await caller.client.close();
    },
  );

  it("because the caller aborts is an AbortError for the reader, within one turn", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
    const controller = new AbortController();
    const { parts } = await readFirst((await caller.stream({ abortSignal: controller.signal })).Body);
    const next = failureOf(parts.next());
    const reason = new Error("user left");
    controller.abort(reason);
    expect(await settlesInOneTurn(next)).toBe(true);
    expect(await next).toMatchObject({
      name: "AbortError",
      cause: reason,
      $metadata: { requestId: "request-1" },
    });
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    expect(caller.clock.pendingTimers).toBe(0);
    await server.emptied();
  });

  it("because the caller aborts is an AbortError too where all has come and was not read yet", async () => {
    const { caller } = await loopback([sends(STREAM_HEAD, part("a"), part("b"), STREAM_END)]);
    const controller = new AbortController();
    const { Body } = await caller.stream({ abortSignal: controller.signal });
    await turns(5);
    controller.abort();
    expect(await failureOf(Body.text())).toMatchObject({ name: "AbortError" });
    await caller.client.close();
    expect(caller.clock.pendingTimers).toBe(0);
  });

  it("because the service falls silent is a TimeoutError of timeouts.socketMs", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
    const { parts } = await readFirst((await caller.stream()).Body);
    const next = failureOf(parts.next());
    await caller.clock.advance(69_999);
    expect(await settlesInOneTurn(next)).toBe(false);
    await caller.clock.advance(1);
    expect(await next).toMatchObject({
      name: "TimeoutError",
      clock: "socket",
      timeoutMs: 70_000,
      $metadata: { requestId: "request-1", attempts: 1 },
    });
    await server.emptied();
    expect(server.requests.length).toBe(1);
  });
});

describe("the clocks of a streamed answer", () => {
  it("let it take any time as long as parts come", async () => {
    const config = { callTimeoutMs: 1_000, timeouts: { attemptMs: 1_000, socketMs: 5_000 } };
    const { server, caller } = await loopback([sends(STREAM_HEAD)], config);
    const text = (await caller.stream()).Body.text();
    for (let i = 0; i < 5; i++) {
      await caller.clock.advance(4_000);
      server.sockets[0]?.write(part(String(i)));
      await turns(3);
    }
    server.sockets[0]?.write(STREAM_END);
    expect(await text).toBe("01234");
  });

  it("stand still while a slow reader holds the service up", async () => {
    const parts = Array.from({ length: 400 }, () => part("x".repeat(60_000)));
    const { server, caller } = await loopback([sends(STREAM_HEAD, ...parts, STREAM_END)]);
    const { Body } = await caller.stream();
    await turns(TURNS_TO_FILL);
    // Back-pressure reaches the service.
    expect(server.sockets[0]?.writableLength).toBeGreaterThan(0);
    for (let i = 0; i < 10; i++) await caller.clock.advance(70_000);
    expect((await Body.text()).length).toBe(400 * 60_000);
    expect(server.sockets[0]?.writableLength).toBe(0);
  });

  it("begin again when the reader has caught up", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("x".repeat(70_000)))]);
    const { Body } = await caller.stream();
    await turns(TURNS_TO_FILL);
    await caller.clock.advance(100_000);
    const { parts } = await readFirst(Body);
    const next = failureOf(parts.next());
    await caller.clock.advance(69_000);
    expect(await settlesInOneTurn(next)).toBe(false);
    await caller.clock.advance(71_000);
    expect(await next).toMatchObject({ name: "TimeoutError", clock: "socket" });
    await server.emptied();
  });

  it("do not mind how long a reader takes once all has come", async () => {
    const { caller } = await loopback([sends(STREAM_HEAD, part("all"), STREAM_END)]);
    let attempt: Attempt | undefined;
    caller.client.middlewareStack.add(
      (next) => (args) => {
        attempt = (args as unknown as { attempt: Attempt }).attempt;
        return next(args);
      },
      { step: "finalizeRequest", name: "sees", priority: "low" },
    );
    const { Body } = await caller.stream();
    await turns(5);
    await caller.clock.advance(300_000);
    expect(attempt).toBeDefined();
    expect(attempt?.cancelled).toBeUndefined();
    expect(await Body.text()).toBe("all");
    expect(caller.clock.pendingTimers).toBe(0);
  });
});
