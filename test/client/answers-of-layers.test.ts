import { describe, expect, it } from "vitest";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "../../lib/index.ts";
import type { CallMiddleware } from "../../lib/types.ts";

/** A client with a plug-in that answers each call by itself, such as a cache. */
function answeredWith(output: unknown) {
  const client = new SageMakerRuntimeClient({
    region: "eu-west-1",
    endpoint: "http://127.0.0.1:1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  });
  const answer = (() => async () => ({ response: {}, output })) as unknown as CallMiddleware;
  client.middlewareStack.add(answer as never, { step: "initialize", name: "answer" });
  const send = () => client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "1" }));
  return { client, send };
}

describe("a plug-in that answers by itself", () => {
  it.each<[string, object]>([
    ["without $metadata", { Body: Buffer.from("7") }],
    ["with a frozen output", Object.freeze({ $metadata: Object.freeze({}), Body: "7" })],
    ["with $metadata that is no object", { $metadata: "none" }],
    ["with $metadata that is null", { $metadata: null }],
  ])("%s is the answer of the call, and the client closes", async (_, output) => {
    const { client, send } = answeredWith(output);
    expect(await send()).toBe(output);
    await client.close();
  });

  it("with $metadata is told of the attempts, of which there were none", async () => {
    const { client, send } = answeredWith({ $metadata: { requestId: "r" } });
    expect((await send()).$metadata).toEqual({ requestId: "r", attempts: 0, totalRetryDelay: 0 });
    await client.close();
  });

  it.each([undefined, null])("with %s is an error that says so, and the client closes", async (output) => {
    const { client, send } = answeredWith(output);
    await expect(send()).rejects.toThrow("the stack gave no output");
    await client.close();
  });
});
