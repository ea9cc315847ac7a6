import { describe, expect, it } from "vitest";
import { InvokeEndpointAsyncCommand, InvokeEndpointWithResponseStreamCommand } from "../../lib/commands.ts";
import { layer } from "../../lib/layer.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const OK = { status: 200, body: "0.9" } as const;

function shared(...script: Parameters<typeof scriptedClient>[0][number][]) {
  return scriptedClient(script, { singleFlight: true });
}

describe("identical calls at the same time", () => {
  it("share one invocation, and each gets an answer that is its own", async () => {
    const { call, network, metric } = shared(OK);
    const settled = await Promise.all([call(), call(), call()]);
    expect(network.requests).toHaveLength(1);
    const outputs = settled.map(({ output }) => output!);
    for (const output of outputs) {
      expect(output.Body.transformToString()).toBe("0.9");
      expect(output.$metadata).toMatchObject({ attempts: 1, httpStatusCode: 200 });
    }
    outputs[0]!.Body[0] = 0;
    expect(outputs[1]!.Body.transformToString()).toBe("0.9");
    expect(outputs[1]!.$metadata).not.toBe(outputs[2]!.$metadata);
    expect(await metric("requests_total", { outcome: "ok" })).toBe(3);
    expect(await metric("attempts_total", { outcome: "ok" })).toBe(1);
  });

  it("are those with the same target, headers and payload, and no others", async () => {
    const { call, network } = shared(OK);
    await Promise.all([
      call({ Body: "1" }),
      call({ Body: "2" }),
      call({ Body: "1", TargetVariant: "blue" }),
      call({ Body: "1", EndpointName: "other" }),
      call({ Body: "1", CustomAttributes: "tenant=7" }),
      call({ Body: Buffer.from("1") }),
    ]);
    expect(network.requests).toHaveLength(5);
  });

  it("are also those that a tracer has marked, each with a trace of its own and in its own case", async () => {
    const { client, call, network } = shared(OK);
    let count = 0;
    const tracer = layer({ name: "tracer", step: "build" }, (next) => (args) => {
      const { headers } = args.request!;
      headers["X-Amzn-Trace-Id"] = `Root=1-${++count}`;
      headers.traceparent = `00-${count}-2-01`;
      headers.tracestate = `vendor=${count}`;
      headers.baggage = `request=${count}`;
      return next(args);
    });
    client.middlewareStack.use(tracer);
    await Promise.all([call(), call()]);
    expect(count).toBe(2);
    expect(network.requests).toHaveLength(1);
  });

  it("are not calls of a session, nor calls one after the other", async () => {
    const { call, network } = shared(OK);
    await Promise.all([call({ SessionId: "s-1" }), call({ SessionId: "s-1" })]);
    expect(network.requests).toHaveLength(2);
    await call();
    await call();
    expect(network.requests).toHaveLength(4);
  });

  it("are neither streams nor asynchronous calls", async () => {
    const { client, network } = shared(OK);
    const stream = () =>
      client.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "{}" }));
    await Promise.all([stream(), stream()]);
    expect(network.requests).toHaveLength(2);
    network.answerWith({ status: 202 });
    const enqueue = () =>
      client.send(new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://b/k" }));
    await Promise.all([enqueue(), enqueue()]);
    expect(network.requests).toHaveLength(4);
  });

  it("are not those that a layer has given different payloads or queries", async () => {
    const { client, call, network } = shared(OK);
    let count = 0;
    let change: "body" | "query" = "body";
    const tenancy = layer({ name: "tenancy", step: "build" }, (next) => (args) => {
      const value = `tenant-${++count}`;
      Object.assign(args.request!, change === "body" ? { body: Buffer.from(value) } : { query: { value } });
      return next(args);
    });
    client.middlewareStack.use(tenancy);
    await Promise.all([call(), call()]);
    expect(network.requests.map(({ body }) => String(body))).toEqual(["tenant-1", "tenant-2"]);
    change = "query";
    await Promise.all([call(), call()]);
    expect(network.requests).toHaveLength(4);
  });

  it("are not those that are to be treated differently: nobody fails by another's haste or low class", async () => {
    const { call, clock, network } = shared("silence", "silence", { afterMs: 500, answer: OK });
    const hasty = call({}, { requestTimeout: 100 });
    const sheddable = call({}, { priority: "sheddable", callTimeoutMs: 100 });
    const patient = call();
    await clock.advance(500);
    expect((await hasty).error).toMatchObject({ clock: "attempt" });
    expect((await sheddable).error).toMatchObject({ clock: "call" });
    expect((await patient).ok).toBe(true);
    expect(network.requests).toHaveLength(3);
  });

  it.each([false, true])(
    "are not those that may fall back and those that may not: one waits for a loading model (first: %s)",
    async (isFirstPatient) => {
      const fallback = { alternatives: [{ answer: { Body: "0.5" } }] };
      const { call, clock } = scriptedClient([429], { singleFlight: true, callTimeoutMs: 60_000, fallback });
      const ended: string[] = [];
      const loading = { TargetModel: "m" };
      const patient = () => call(loading, { fallback: false }).then(() => ended.push("patient"));
      const hasty = () => call(loading).then(() => ended.push("hasty"));
      const both = Promise.all(isFirstPatient ? [patient(), hasty()] : [hasty(), patient()]);
      await clock.advance(1_000);
      expect(ended).toEqual(["hasty"]);
      await clock.advance(60_000);
      await both;
    },
  );

  it("share an error, with what happened at each attempt", async () => {
    const { call, network } = shared(400);
    const [one, two] = await Promise.all([call(), call()]);
    expect(network.requests).toHaveLength(1);
    for (const { error } of [one, two]) {
      expect(error).toMatchObject({ name: "ValidationError", $metadata: { attempts: 1 } });
      expect(error?.attempts).toMatchObject([{ number: 1, outcome: "invalid_request" }]);
    }
  });

  it("share retries as well", async () => {
    const { call, network, clock } = shared(503, OK);
    const both = Promise.all([call(), call()]);
    await clock.advance(1_000);
    for (const { output } of await both) expect(output?.$metadata.attempts).toBe(2);
    expect(network.requests).toHaveLength(2);
  });
});

describe("a caller that gives up", () => {
  it.each([0, 1])("does not end the call of the other (caller %i of two)", async (quitter) => {
    const { call, network, clock, metric } = shared("silence", OK);
    const abort = new AbortController();
    const calls = [0, 1].map((index) => call({}, index === quitter ? { abortSignal: abort.signal } : {}));
    await clock.advance(10);
    abort.abort();
    expect((await calls[quitter])?.error).toMatchObject({ name: "AbortError" });
    expect(network.inFlight).toBe(1);
    await clock.advance(120_000);
    // The shared attempt goes on under its own clocks, and is counted when it has ended.
    expect((await calls[1 - quitter])?.error).toMatchObject({ name: "TimeoutError", clock: "socket" });
    expect(await metric("attempts_total", { outcome: "timeout" })).toBe(1);
    expect(network.inFlight).toBe(0);
  });

  it("by its own deadline leaves the others theirs", async () => {
    const { call, clock, network } = shared("silence");
    const hasty = call({}, { callTimeoutMs: 100 });
    const patient = call({}, { callTimeoutMs: 5_000 });
    await clock.advance(100);
    expect((await hasty).error).toMatchObject({ name: "TimeoutError", clock: "call" });
    expect(network.inFlight).toBe(1);
    await clock.advance(4_900);
    expect((await patient).error).toMatchObject({ name: "TimeoutError", clock: "call" });
    expect(network.inFlight).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("as the last one ends the invocation, and the next call begins a new one", async () => {
    const { call, network, clock } = shared("silence", OK);
    const abort = new AbortController();
    const both = [call({}, { abortSignal: abort.signal }), call({}, { abortSignal: abort.signal })];
    await clock.advance(10);
    abort.abort();
    for (const { error } of await Promise.all(both)) expect(error).toMatchObject({ name: "AbortError" });
    expect(network.inFlight).toBe(0);
    expect(await call()).toMatchObject({ ok: true });
    expect(clock.pendingTimers).toBe(0);
  });

  it("by the end of the client ends everything", async () => {
    const { call, client, network, clock } = shared("silence");
    const both = Promise.all([call(), call()]);
    await clock.advance(10);
    client.destroy();
    for (const { error } of await both) expect(error).toMatchObject({ name: "AbortError" });
    expect(network.inFlight).toBe(0);
  });
});

describe("an invocation that is never answered", () => {
  it("is shared by nobody who comes after the first caller has given up", async () => {
    const { call, clock, network } = scriptedClient(["silence", 200], {
      singleFlight: true,
      callTimeoutMs: 2_000,
    });
    const first = call();
    await clock.advance(1_500);
    const second = call();
    await clock.advance(500);
    expect((await first).error).toMatchObject({ clock: "call" });
    expect((await call()).ok).toBe(true);
    expect((await call()).ok).toBe(true);
    expect(network.inFlight).toBe(1);
    await clock.advance(1_500);
    expect((await second).error).toMatchObject({ clock: "call" });
    expect(network.inFlight).toBe(0);
  });
});
