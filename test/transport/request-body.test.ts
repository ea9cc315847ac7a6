import { describe, expect, it } from "vitest";
import { layer } from "../../lib/layer.ts";
import { answers } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";

it("a body that is transferred away before it is written fails its call, and nothing is sent", async () => {
  const { server, caller } = await loopback([answers()]);
  await caller.invoke();
  const body = new Uint8Array(1_000);
  const call = failureOf(caller.invoke({}, { Body: body }));
  await turns(1);
  structuredClone(body.buffer, { transfer: [body.buffer] });
  expect((await call).name).toBe("ResizedPayloadError");
  await caller.invoke();
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
});

describe("a body that a layer put there after the signature", () => {
  it.each([
    ["a form", new FormData(), "[object FormData]"],
    ["text, which it does not show", "secret,1", "[object String]"],
  ])("is refused where it is no bytes, and nothing is sent: %s", async (_title, body, kind) => {
    const { server, caller } = await loopback([answers()]);
    const spoil = layer({ name: "spoil", step: "deserialize", priority: "low" }, (next) => (args) => {
      Object.assign(args.request!, { body });
      return next(args);
    });
    caller.client.middlewareStack.use(spoil);
    const error = await failureOf(caller.invoke());
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(`the body of a request must be a Uint8Array when it is sent, got ${kind}`);
    expect(server.requests).toEqual([]);
  });
});
