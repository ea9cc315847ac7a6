import { expect, it } from "vitest";
import { part, STREAM_HEAD, sends } from "../support/behaviours.ts";
import { loopback } from "../support/loopback-client.ts";

it("a stream that a layer gives up is closed, the call's as well as an alternative's", async () => {
  const unfinished = sends(STREAM_HEAD, part("a"));
  const { server, caller } = await loopback([unfinished, unfinished], {
    retry: false,
    fallback: { alternatives: [{ variant: "green" }, { answer: { Body: "sorry" } }], on: () => true },
  });
  caller.client.middlewareStack.add(
    (next) => async (args) => {
      await next(args);
      throw new Error("given up");
    },
    { step: "build", name: "givesUp" },
  );
  const { Body, $metadata } = await caller.stream();
  expect(await Body.text()).toBe("sorry");
  expect($metadata).toMatchObject({ attempts: 2, fallback: { kind: "constant" } });
  await server.until(() => server.openSockets === 0);
  expect(server.connections).toBe(2);
});
