import { expect, it } from "vitest";
import { part, STREAM_END, STREAM_HEAD, sends, unavailable } from "../support/behaviours.ts";
import { FaultyServer } from "../support/faulty-server.ts";
import { failureOf, ResilientClient } from "../support/resilient-client.ts";

async function textOf({
  Body = [] as never,
}: Awaited<ReturnType<ResilientClient["stream"]>>): Promise<string> {
  let text = "";
  for await (const { PayloadPart } of Body) text += Buffer.from(PayloadPart?.Bytes ?? []).toString();
  return text;
}

it("a stream is tried again up to its head, and read as before", async () => {
  const server = await FaultyServer.start([
    unavailable,
    sends(STREAM_HEAD, part("to"), part("ken"), STREAM_END),
  ]);
  const caller = new ResilientClient(server.url);
  const output = await caller.stream();
  expect(output.$metadata.attempts).toBe(2);
  expect(output.InvokedProductionVariant).toBe("blue");
  expect(await textOf(output)).toBe("token");
  expect(await caller.metric("requests_total", { outcome: "ok", variant: "blue" })).toBe(1);
});

it("a stream holds no permit, and no deadline bounds it, once its first event is here", async () => {
  const server = await FaultyServer.start([sends(STREAM_HEAD, part("to"))]);
  const caller = new ResilientClient(server.url, { callTimeoutMs: 1_000, concurrencyLimit: 1 });
  const output = await caller.stream();
  expect([...caller.layers.limiters]).toMatchObject([{ inFlight: 0 }]);
  await caller.clock.advance(10_000);
  server.requests[0]!.socket.write(Buffer.concat([part("ken"), STREAM_END]));
  expect(await textOf(output)).toBe("token");
});

it("the caller's signal ends a stream that is being read", async () => {
  const server = await FaultyServer.start([sends(STREAM_HEAD, part("to"))]);
  const controller = new AbortController();
  const caller = new ResilientClient(server.url);
  const output = await caller.stream({ abortSignal: controller.signal });
  const failure = failureOf(textOf(output));
  controller.abort();
  await failure;
  await server.emptied();
});
