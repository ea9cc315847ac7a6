import { describe, expect, it } from "vitest";
import { InvokeEndpointCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import type { CallHandler } from "../../lib/types.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const STEPS = ["initialize", "finalizeRequest", "deserialize"] as const;

/** A client with one layer of the user's, at the inner end of a step. */
function clientWith(step: (typeof STEPS)[number], broken: (next: CallHandler) => unknown) {
  const { client, network, clock } = scriptedClient([200]);
  const handler = broken as (next: CallHandler) => CallHandler;
  client.middlewareStack.use(layer({ name: "broken", step, priority: "low" }, handler));
  const send = () => client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "1" }));
  return { client, network, clock, send };
}

describe.each(STEPS)("a layer of the user's at the step %s", (step) => {
  it("that returns nothing fails the call by name, and the client closes", async () => {
    const { client, send } = clientWith(step, (next) => async (args: never) => {
      await next(args);
    });
    await expect(send()).rejects.toThrow(TypeError);
    await client.close();
  });

  it("that throws instead of rejecting fails the call with its error, and the client closes", async () => {
    const { client, network, send } = clientWith(step, () => () => {
      throw new RangeError("too much");
    });
    await expect(send()).rejects.toThrow("too much");
    expect(network.requests).toEqual([]);
    await client.close();
  });

  it("that cannot be made fails each call with its error, and the client closes", async () => {
    const { client, send } = clientWith(step, () => {
      throw new RangeError("not made");
    });
    await expect(send()).rejects.toThrow("not made");
    await client.close();
  });
});
