import { describe, expect, it, vi } from "vitest";
import { InvokeEndpointCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const command = () => new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2" });

describe("the layers of a client", () => {
  const tagged = (header: string) =>
    layer({ name: header, step: "build" }, (next) => {
      return async function tag(args) {
        if (args.request !== undefined) args.request.headers[header] = "1";
        return next(args);
      };
    });

  it("added to the client take effect for the calls that start afterwards", async () => {
    const { client, network } = scriptedClient([200]);
    await client.send(command());
    client.middlewareStack.use(tagged("x-tag"));
    await client.send(command());
    client.middlewareStack.remove("x-tag");
    await client.send(command());
    expect(network.requests.map(({ headers }) => headers["x-tag"])).toEqual([undefined, "1", undefined]);
  });

  it("of one command are for that command", async () => {
    const { client, network } = scriptedClient([200]);
    const special = command();
    special.middlewareStack.use(tagged("x-mine"));
    await client.send(special);
    await client.send(command());
    expect(network.requests.map(({ headers }) => headers["x-mine"])).toEqual(["1", undefined]);
  });

  it("of one command leave no timer behind for each", async () => {
    const { client, clock } = scriptedClient([200]);
    const made = vi.spyOn(clock, "setTimeout");
    for (let i = 0; i < 20; i++) {
      const special = command();
      special.middlewareStack.use(tagged("x-mine"));
      await client.send(special);
    }
    // Those of deadline and socketTimeout.
    expect(made).toHaveBeenCalledTimes(2);
  });

  it("are in the order that the pipeline says", () => {
    const { client } = scriptedClient([200]);
    expect(client.middlewareStack.identify().map((line) => line.replace(/ .*/, ""))).toEqual([
      "metrics",
      "deadline",
      "serialize",
      "retry",
      "circuitBreaker",
      "concurrencyLimit",
      "attemptMetrics",
      "sign",
      "socketTimeout",
      "errorMapper",
      "deserialize",
    ]);
  });

  it("of the AWS SDK find the names that they place themselves by", async () => {
    const { client, network } = scriptedClient([200]);
    const names = [
      "serializerMiddleware",
      "retryMiddleware",
      "httpSigningMiddleware",
      "deserializerMiddleware",
    ];
    const seen: string[] = [];
    for (const toMiddleware of names) {
      const plugin = layer(
        { name: `near-${toMiddleware}`, relation: "before", toMiddleware },
        (next) => (args) => {
          seen.push(toMiddleware);
          return next(args);
        },
      );
      client.middlewareStack.use(plugin);
    }
    await client.send(command());
    expect(seen).toEqual(names);
    expect(network.requests.length).toBe(1);
  });

  it("may be left out: without retry and breaker, a call is one attempt", async () => {
    const { call, network } = scriptedClient([503], { retry: false, circuitBreaker: false });
    const { error } = await call();
    expect(error).toMatchObject({ name: "ServiceUnavailable", $metadata: { attempts: 1 } });
    expect(network.requests.length).toBe(1);
  });
});
