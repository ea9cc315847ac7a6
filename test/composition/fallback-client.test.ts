import { describe, expect, it } from "vitest";
import { InvokeEndpointAsyncCommand } from "../../lib/commands.ts";
import type { Operation } from "../../lib/operations/operation.ts";
import type { FallbackAlternative } from "../../lib/resilience/fallback/options.ts";
import type { SendOptions } from "../../lib/send-options.ts";
import { failureOf } from "../support/loopback-client.ts";
import { scriptedClient } from "../support/scripted-client.ts";
import type { ScriptedAnswer } from "../support/scripted-dispatcher.ts";

/** Two clients; what the first loses is handed to the second. */
function twoRegions(there: ScriptedAnswer[], alternative: Partial<FallbackAlternative> = {}) {
  const other = scriptedClient(there, { region: "us-east-1", retry: false });
  const first = scriptedClient([503], {
    retry: false,
    fallback: { alternatives: [{ client: other.client, ...alternative } as FallbackAlternative] },
  });
  return { ...first, other };
}

const enqueue = new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://b/k" });

describe("a client of another region", () => {
  it("makes the call that is lost, and is named by its region", async () => {
    const { call, other, metric } = twoRegions([{ status: 200, body: "0.9" }]);
    const { output } = await call({ TargetVariant: "blue" });
    expect(output?.Body.transformToString()).toBe("0.9");
    expect(output?.$metadata).toMatchObject({ attempts: 2, fallback: { kind: "client", name: "us-east-1" } });
    expect(other.network.requests[0]?.headers["x-amzn-sagemaker-target-variant"]).toBe("blue");
    expect(await metric("requests_total", { variant: "_none", outcome: "ok" })).toBe(1);
    expect(await other.metric("requests_total", { outcome: "ok" })).toBe(1);
  });

  it("may have another name for the endpoint", async () => {
    const { call, other } = twoRegions([200], { endpoint: "churn-us", variant: "green" });
    expect((await call()).output?.$metadata.fallback?.name).toBe("churn-us/green");
    expect(other.network.requests[0]?.path).toBe("/endpoints/churn-us/invocations");
  });

  it("has the time that is left, and ends with the call", async () => {
    const { call, other } = twoRegions(["silence"]);
    const abort = new AbortController();
    const settled = call({}, { callTimeoutMs: 1_000, abortSignal: abort.signal });
    await other.clock.advance(999);
    expect(other.network.inFlight).toBe(1);
    abort.abort();
    expect((await settled).error?.name).toBe("AbortError");
    expect(other.network.inFlight).toBe(0);
    expect(other.clock.pendingTimers).toBe(0);
    const late = call({}, { callTimeoutMs: 1_000 });
    await other.clock.advance(1_000);
    expect((await late).error?.fallbackErrors).toMatchObject([{ name: "TimeoutError", clock: "call" }]);
  });

  it("ends with the client that asked it", async () => {
    const { client, call, other, clock } = twoRegions(["silence"]);
    const settled = call();
    await clock.advance(1);
    client.destroy();
    expect((await settled).error?.name).toBe("AbortError");
    expect(other.network.inFlight).toBe(0);
  });

  it("does not hand on what was handed over, so that two may name each other", async () => {
    const here: ReturnType<typeof scriptedClient> = scriptedClient([503], {
      retry: false,
      fallback: { alternatives: [{ client: () => there.client }] },
    });
    const there: ReturnType<typeof scriptedClient> = scriptedClient([503], {
      retry: false,
      fallback: { alternatives: [{ client: () => here.client }] },
    });
    const { error } = await here.call();
    expect(error).toMatchObject({ name: "ServiceUnavailable", $metadata: { attempts: 2 } });
    expect(here.network.requests).toHaveLength(1);
    expect(there.network.requests).toHaveLength(1);
  });

  it("says for the call whether the model may have run", async () => {
    const other = scriptedClient([{ resets: "headers" }], { retry: false });
    const throttled = scriptedClient(
      [{ status: 400, headers: { "x-amzn-errortype": "ThrottlingException" } }],
      { retry: false, fallback: { alternatives: [{ client: other.client }] } },
    );
    await expect(throttled.client.send(enqueue)).rejects.toMatchObject({
      name: "ThrottlingException",
      mayHaveExecuted: true,
    });
  });

  it("leaves the caller who gives up in doubt whether it ran, since it is not waited for", async () => {
    const { client, network, clock, other } = twoRegions(["silence"]);
    network.answerWith({ resets: "connect" });
    const abort = new AbortController();
    const settled = failureOf(client.send(enqueue, { abortSignal: abort.signal }));
    await clock.advance(1);
    expect(other.network.inFlight).toBe(1);
    abort.abort();
    expect(await settled).toMatchObject({ name: "AbortError", mayHaveExecuted: true });
  });

  it("that is none fails the alternative and not the process", async () => {
    const { call } = twoRegions([200], { client: () => ({}) as never });
    expect((await call()).error?.fallbackErrors).toMatchObject([
      { message: "the client of an alternative must have send(), got an object (Object)" },
    ]);
  });
});

it("asks any client that takes commands, and counts the attempts that it speaks of", async () => {
  const seen: unknown[] = [];
  const other = {
    send: async ({ operation, input }: { operation: Operation; input: object }, options?: SendOptions) => {
      seen.push(operation.name, input, { ...options, abortSignal: options?.abortSignal?.aborted });
      return { $metadata: { attempts: 3 }, Body: Buffer.from("7") };
    },
  };
  const { call } = scriptedClient([503], { retry: false, fallback: { alternatives: [{ client: other }] } });
  const own = { callTimeoutMs: 500, requestTimeout: 0, priority: "critical", fairnessKey: "k" } as const;
  expect((await call({}, own)).output?.$metadata.attempts).toBe(4);
  const passedOn = { ...own, abortSignal: false, fallback: false };
  expect(seen).toEqual(["InvokeEndpoint", { EndpointName: "churn", Body: "1,2" }, passedOn]);
});
