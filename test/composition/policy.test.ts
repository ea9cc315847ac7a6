import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  fallback,
  handleAll,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SageMakerRuntimeClient } from "../../lib/client.ts";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/commands.ts";
import { exceptionFrame } from "../../lib/event-stream/encoder.ts";
import { policy } from "../../middleware/policy.ts";
import { settle } from "../support/fake-clock.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const ALONE = { retry: false, circuitBreaker: false } as const;

const OF_BLUE = { "x-amzn-invoked-production-variant": "blue" };
const BROKEN = exceptionFrame("ModelStreamError", { Message: "m" });

// Theirs is the platform's clock.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** Lets their clock run until `pending` has ended. */
async function ran<T>(pending: Promise<T>, ms: number): Promise<T> {
  await vi.advanceTimersByTimeAsync(ms);
  return pending;
}

describe("a cockatiel policy as a layer", () => {
  it("may run the call again, and every attempt is seen", async () => {
    const { client, call, network } = scriptedClient([503, 503, 200], ALONE);
    client.middlewareStack.use(policy(retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(0) })));
    expect((await ran(call(), 10)).output?.$metadata.attempts).toBe(3);
    expect(network.requests).toHaveLength(3);
  });

  it("gives the error of the last run, with what happened at each of them", async () => {
    const { client, call } = scriptedClient([503, 500], ALONE);
    client.middlewareStack.use(policy(retry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(0) })));
    const { error } = await ran(call(), 10);
    expect(error).toMatchObject({ name: "InternalFailure", $metadata: { attempts: 2 } });
    expect(error?.attempts).toMatchObject([
      { number: 1, httpStatusCode: 503 },
      { number: 2, httpStatusCode: 500 },
    ]);
  });

  it("refuses with its own errors, and nothing is sent", async () => {
    const { client, call, network } = scriptedClient([503], ALONE);
    const breaker = circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(1) });
    client.middlewareStack.use(policy(breaker));
    await call();
    expect((await call()).error).toBeInstanceOf(BrokenCircuitError);
    expect(network.requests).toHaveLength(1);
  });

  it("ends the run in progress when its signal aborts", async () => {
    const { client, call, network, clock } = scriptedClient(["silence"], ALONE);
    client.middlewareStack.use(policy(timeout(5_000, TimeoutStrategy.Aggressive)));
    expect((await ran(call(), 5_000)).error).toBeInstanceOf(TaskCancelledError);
    expect(network.inFlight).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("bounds what runs at once, with those wrapped in it", async () => {
    const { client, call, network } = scriptedClient(["silence", 200], ALONE);
    client.middlewareStack.use(policy(wrap(retry(handleAll, { maxAttempts: 0 }), bulkhead(1, 0))));
    const held = call();
    await settle();
    expect((await call()).error).toBeInstanceOf(BulkheadRejectedError);
    expect(network.requests).toHaveLength(1);
    client.destroy();
    await held;
  });

  it("answers with a value of its own", async () => {
    const { client, call } = scriptedClient([503], ALONE);
    client.middlewareStack.use(policy(fallback(handleAll, { Body: Buffer.from("0.5") })));
    const { output } = await call();
    expect(output!.Body.transformToString()).toBe("0.5");
    expect(output!.$metadata.attempts).toBe(1);
  });

  it("answers a stream with a value of its own, too", async () => {
    const { client } = scriptedClient([503], ALONE);
    client.middlewareStack.use(policy(fallback(handleAll, { Body: "0.5" })));
    const command = new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "1" });
    expect(await (await client.send(command)).Body.text()).toBe("0.5");
  });

  it("hands on what it answers with where that is no text and no bytes", async () => {
    const { client, call } = scriptedClient([503], ALONE);
    const Body = { transformToString: () => "from elsewhere" };
    client.middlewareStack.use(policy(fallback(handleAll, { Body })));
    expect((await call()).output!.Body.transformToString()).toBe("from elsewhere");
  });

  it.each([undefined, null, 0.5])("must not answer with %j, which is no output", async (value) => {
    const { client, call } = scriptedClient([503], ALONE);
    client.middlewareStack.use(policy(fallback(handleAll, value)));
    expect((await call()).error).toEqual(
      new TypeError(`a policy must answer with an output of the command, got ${value}`),
    );
  });

  it("runs for each alternative that is sent, whose answer it may give as well", async () => {
    const { client, call, network } = scriptedClient([503], {
      ...ALONE,
      fallback: { alternatives: [{ variant: "blue" }] },
    });
    client.middlewareStack.use(policy(retry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(0) })));
    expect((await ran(call(), 10)).ok).toBe(false);
    expect(network.requests).toHaveLength(4);
  });

  it("counts what it answers itself as answered, and for no variant: not for the one that failed", async () => {
    const { client, metric } = scriptedClient([{ status: 200, headers: OF_BLUE, body: BROKEN }], {
      ...ALONE,
      peekFirstEvent: true,
    });
    client.middlewareStack.use(policy(fallback(handleAll, { Body: [] })));
    await client.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "1" }));
    expect(await metric("attempts_total", { variant: "blue", outcome: "model_error" })).toBe(1);
    expect(await metric("requests_total", { variant: "blue" })).toBe(0);
    expect(await metric("requests_total", { variant: "_none", outcome: "ok" })).toBe(1);
  });

  it.each(["abort", "deadline"])("ends with the call while it waits: %s", async (kind) => {
    const { client, call, network, clock } = scriptedClient([503], ALONE);
    const patient = retry(handleAll, { maxAttempts: 9, backoff: new ConstantBackoff(60_000) });
    client.middlewareStack.use(policy(patient));
    const abort = new AbortController();
    const settled = call({}, { abortSignal: abort.signal, callTimeoutMs: 1_000 });
    await clock.advance(10);
    if (kind === "abort") abort.abort();
    await clock.advance(1_000);
    const expected = kind === "abort" ? { name: "AbortError" } : { name: "TimeoutError", clock: "call" };
    expect((await settled).error).toMatchObject(expected);
    expect(network.requests).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("needs another name where there is one already", () => {
    const client = new SageMakerRuntimeClient({ region: "eu-west-1" });
    client.middlewareStack.use(policy(retry(handleAll, {})));
    expect(() => client.middlewareStack.use(policy(retry(handleAll, {})))).toThrow(/Duplicate.*policy/);
    client.middlewareStack.use(policy(retry(handleAll, {}), { name: "second" }));
  });

  it("is refused in one sentence where it is none", () => {
    expect(() => policy({} as never)).toThrow("policy() takes a cockatiel policy, got an object (Object)");
    expect(() => policy(retry(handleAll, {}), { title: "x" } as never)).toThrow(
      /policy\.title is not an option/,
    );
  });
});
