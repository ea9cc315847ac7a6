import { describe, expect, it } from "vitest";
import type { SageMakerRuntimeClient } from "../../lib/index.ts";
import { part, STREAM_END, STREAM_HEAD, sends } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { failureOf, loopback, settlesInOneTurn } from "../support/loopback-client.ts";

const dispose = (client: SageMakerRuntimeClient) => client[Symbol.asyncDispose]();

describe("leaving the block of an await using", () => {
  it("ends a stream that nobody has begun to read, so that the block's own error is seen", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
    const block = async () => {
      await using client = caller.client;
      await caller.stream();
      throw new Error(`not what ${client.config.serviceId} is for`);
    };
    await expect(block()).rejects.toThrow("not what SageMaker Runtime is for");
    await server.emptied();
    expect(await caller.metric("requests_in_flight")).toBe(0);
  });

  it.each([
    ["has arrived whole", [part("a"), STREAM_END]],
    ["is still arriving", [part("a")]],
  ])("ends one whose first event was awaited, and that %s", async (_, parts) => {
    const { caller } = await loopback([sends(STREAM_HEAD, ...parts)], { peekFirstEvent: true });
    const { Body } = await caller.stream();
    await dispose(caller.client);
    expect(await failureOf(Body.text())).toMatchObject({ name: "AbortError" });
  });

  it("gives whoever reads it later an AbortError, not an empty answer", async () => {
    const { caller } = await loopback([sends(STREAM_HEAD, part("a"), STREAM_END)]);
    const { Body } = await caller.stream();
    await dispose(caller.client);
    expect(await failureOf(Body.text())).toMatchObject({
      name: "AbortError",
      message: "The client was destroyed",
    });
  });

  it("waits for a stream that is being read", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
    const text = (await caller.stream()).Body.text();
    const left = dispose(caller.client);
    await turns(3);
    expect(await settlesInOneTurn(left)).toBe(false);
    server.sockets[0]?.write(Buffer.concat([part("b"), STREAM_END]));
    expect(await text).toBe("ab");
    await left;
  });

  it("waits for a stream whose head comes later, if whoever waits for it reads it", async () => {
    const { server, caller } = await loopback([() => {}, () => {}]);
    const read = caller.stream().then(({ Body }) => Body.text());
    const unread = caller.stream();
    await server.received(2);
    const left = dispose(caller.client);
    for (const request of server.requests) sends(STREAM_HEAD, part("a"), STREAM_END)(request);
    expect(await read).toBe("a");
    await unread;
    await left;
  });
});
