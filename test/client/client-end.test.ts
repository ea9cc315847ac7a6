import { describe, expect, it } from "vitest";
import { InvokeEndpointCommand, type SageMakerRuntimeClient } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { deferred } from "../support/deferred.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const command = () => new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2" });

describe("the end of a client", () => {
  it("close waits for the calls in flight and refuses new ones", async () => {
    const { client, call, clock, network } = scriptedClient([503, 200]);
    const pending = call();
    await clock.advance(1);
    let isClosed = false;
    const closing = client.close().then(() => {
      isClosed = true;
    });
    await clock.advance(1);
    expect(isClosed).toBe(false);
    expect((await call()).error).toMatchObject({ name: "AbortError", message: "The client was closed" });
    await clock.advance(1_000);
    expect((await pending).ok).toBe(true);
    await closing;
    expect(network.requests.length).toBe(2);
  });

  it("destroy ends the calls in flight, whatever they are doing", async () => {
    const { client, call, clock, network } = scriptedClient(["silence"]);
    const inFlight = call();
    await clock.advance(1);
    network.answerWith(503);
    const inBackOff = call();
    await clock.advance(1);
    client.destroy();
    await clock.advance(0);
    for (const { error } of await Promise.all([inFlight, inBackOff])) {
      expect(error).toMatchObject({ name: "AbortError", message: "The client was destroyed" });
    }
    expect(clock.pendingTimers).toBe(0);
    expect(network.inFlight).toBe(0);
  });

  it("takes its breakers out of the registry, and leaves the counters there", async () => {
    const { client, call, metric } = scriptedClient([200]);
    await call();
    expect(await metric("breaker_state", {})).toBe(1);
    await client.close();
    expect(await metric("breaker_state", {})).toBe(0);
    expect(await metric("requests_total", { outcome: "ok" })).toBe(1);
  });

  it("leaves nothing in the registry of what a call begins afterwards, which a layer has held up", async () => {
    const { client, call, metric } = scriptedClient([200]);
    const gate = deferred();
    const waits = layer({ name: "waits", step: "initialize", priority: "low" }, (next) => async (args) => {
      await gate.promise;
      return next(args);
    });
    client.middlewareStack.use(waits);
    const pending = call();
    client.destroy();
    gate.resolve();
    expect((await pending).error).toMatchObject({ name: "AbortError" });
    expect(await metric("breaker_state", {})).toBe(0);
    expect(await metric("concurrency_limit", {})).toBe(0);
  });

  it("await using closes it", async () => {
    let used: SageMakerRuntimeClient;
    {
      await using client = scriptedClient([200]).client;
      used = client;
      await client.send(command());
    }
    await expect(used.send(command())).rejects.toThrow("The client was closed");
  });
});
