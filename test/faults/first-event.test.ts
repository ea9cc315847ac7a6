import { describe, expect, it } from "vitest";
import { errorFrame, exceptionFrame } from "../../lib/event-stream/encoder.ts";
import { chunk, part, STREAM_END, STREAM_HEAD, sends, sendsAndResets } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { failureOf, loopback, settlesInOneTurn } from "../support/loopback-client.ts";

const FAILURE = chunk(exceptionFrame("InternalStreamFailure", { Message: "broken" }));
const whole = sends(STREAM_HEAD, part("all"), STREAM_END);

describe("a streaming call with peekFirstEvent", () => {
  const config = { peekFirstEvent: true };

  it.each([
    ["an InternalStreamFailure in place of the first part", sends(STREAM_HEAD, FAILURE, STREAM_END)],
    ["a reset before the first part", sendsAndResets(STREAM_HEAD)],
  ])("is tried again after %s", async (_, behaviour) => {
    const { server, caller } = await loopback([behaviour, whole], config);
    const { Body, $metadata } = await caller.stream();
    expect($metadata.attempts).toBe(2);
    expect(await Body.text()).toBe("all");
    expect(server.requests.length).toBe(2);
    expect(caller.clock.pendingTimers).toBe(0);
  });

  it("throws what stands in place of the first part where no attempt is left", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, FAILURE)], { ...config, maxAttempts: 2 });
    expect(await failureOf(caller.stream())).toMatchObject({
      name: "InternalStreamFailure",
      $metadata: { attempts: 2, requestId: "request-1" },
    });
    await server.emptied();
  });

  it.each(["Odd", "ThrottlingException"])("may have run where %s stands in place of it", async (code) => {
    const { caller } = await loopback([sends(STREAM_HEAD, chunk(errorFrame(code, "said so")))], config);
    expect(await failureOf(caller.stream())).toMatchObject({ name: code, mayHaveExecuted: true });
  });

  it("is not tried again once a part has come", async () => {
    const { server, caller } = await loopback([sendsAndResets(STREAM_HEAD, part("a")), whole], config);
    const { Body } = await caller.stream();
    expect(await failureOf(Body.text())).toMatchObject({ name: "ConnectionError", phase: "body" });
    expect(server.requests.length).toBe(1);
  });

  it("is bounded by timeouts.socketMs until the first part", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD)], config);
    const pending = failureOf(caller.stream());
    await server.received(1);
    await turns(5);
    await caller.clock.advance(70_000);
    expect(await pending).toMatchObject({ name: "TimeoutError", clock: "socket" });
    await server.emptied();
  });

  it("is bounded by callTimeoutMs until the first part", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD)], { ...config, callTimeoutMs: 5_000 });
    const pending = failureOf(caller.stream());
    await server.received(1);
    await turns(5);
    await caller.clock.advance(5_000);
    expect(await pending).toMatchObject({ name: "TimeoutError", clock: "call" });
    await server.emptied();
    expect(caller.clock.pendingTimers).toBe(0);
  });

  it("ends within one turn when it is aborted before the first part", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD)], config);
    const controller = new AbortController();
    const pending = failureOf(caller.stream({ abortSignal: controller.signal }));
    await server.received(1);
    await turns(5);
    controller.abort();
    expect(await settlesInOneTurn(pending)).toBe(true);
    expect(await pending).toMatchObject({ name: "AbortError" });
    await server.emptied();
  });
});

describe("a streaming call without it", () => {
  it("resolves at the head, and leaves what stands in place of the first part to the reader", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, FAILURE), whole]);
    const { Body } = await caller.stream();
    expect(await failureOf(Body.text())).toMatchObject({ name: "InternalStreamFailure" });
    expect(server.requests.length).toBe(1);
  });

  it("is tried again before its head as any other", async () => {
    const { caller } = await loopback([sendsAndResets("HTTP/1.1 200 OK\r\n"), whole]);
    expect((await caller.stream()).$metadata.attempts).toBe(2);
  });
});
