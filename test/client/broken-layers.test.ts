import { describe, expect, it } from "vitest";
import { InvokeEndpointCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import type { CallHandler } from "../../lib/types.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const STEPS = ["initialize", "finalizeRequest", "deserialize"] as const;

/** A client with one permit, which each call needs, and one layer of the user's, at the inner end of a step. */
function clientWith(step: (typeof STEPS)[number], broken: (next: CallHandler) => unknown) {
  const { client, network, clock } = scriptedClient([200], {
    concurrencyLimit: { algorithm: "fixed", initial: 1, maxQueue: 0 },
  });
  const handler = broken as (next: CallHandler) => CallHandler;
  client.middlewareStack.use(layer({ name: "broken", step, priority: "low" }, handler));
  const send = () => client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "1" }));
  return { client, network, clock, send };
}

describe.each(STEPS)("a layer of the user's at the step %s", (step) => {
  it("that returns nothing fails each call with a TypeError, and the client closes", async () => {
    const { client, send } = clientWith(step, (next) => async (args: never) => {
      await next(args);
    });
    // Within the step of the answer, the client's own layers are the first to miss it.
    const message = step === "deserialize" ? "reading 'response'" : "a layer returned nothing";
    for (let call = 0; call < 2; call++) {
      const failed = send();
      await expect(failed).rejects.toThrow(TypeError);
      await expect(failed).rejects.toThrow(message);
    }
    await client.close();
  });

  it("that throws instead of rejecting fails each call with its error, and the client closes", async () => {
    const { client, network, send } = clientWith(step, () => () => {
      throw new RangeError("too much");
    });
    for (let call = 0; call < 2; call++) await expect(send()).rejects.toThrow("too much");
    expect(network.requests).toEqual([]);
    await client.close();
  });

  it("that cannot be made fails each call with its error, and the client closes", async () => {
    const { client, send } = clientWith(step, () => {
      throw new RangeError("not made");
    });
    for (let call = 0; call < 2; call++) await expect(send()).rejects.toThrow("not made");
    await client.close();
  });
});
