import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { HASH_SLICE_BYTES } from "../../lib/protocol/sliced-hash.ts";
import { SEND_SLICE_BYTES } from "../../lib/transport/request-writer.ts";
import {
  answers,
  fails,
  http,
  part,
  STREAM_HEAD,
  sends,
  silence,
  unavailable,
} from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { failureOf, loopback, settlesInOneTurn } from "../support/loopback-client.ts";
import { passesAtEachLook } from "../support/process-time.ts";

/** Payloads in which every place is told from every other slice's. */
function payload(size: number): Buffer {
  const words = new Uint32Array(Math.ceil(size / 4)).map((_, index) => index);
  return Buffer.from(words.buffer, 0, size);
}

const LARGE = payload(3 * SEND_SLICE_BYTES + 5);
/** More than the system's buffers of both ends take. */
const HUGE = payload(32 * SEND_SLICE_BYTES);

/** Turns of the event loop until the work is done. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let timer = setImmediate(function count() {
    turns++;
    timer = setImmediate(count);
  });
  await work;
  clearImmediate(timer);
  return turns;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a large payload", () => {
  it.each([1, SEND_SLICE_BYTES, SEND_SLICE_BYTES + 1, LARGE.length])(
    "of %i bytes arrives whole and with its length",
    async (size) => {
      const { server, caller } = await loopback([answers()]);
      await caller.invoke({}, { Body: LARGE.subarray(0, size) });
      const [{ body, headers }] = server.requests as [(typeof server.requests)[number]];
      expect(Buffer.compare(body, LARGE.subarray(0, size))).toBe(0);
      expect(headers).toMatchObject({ "content-length": String(size) });
      expect(headers).not.toHaveProperty("transfer-encoding");
    },
  );

  it("leaves the event loop a turn between any two slices of a third of a millisecond", async () => {
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    passesAtEachLook(1 / 3);
    const hashed = Math.ceil(HUGE.length / HASH_SLICE_BYTES);
    const sent = Math.ceil(HUGE.length / SEND_SLICE_BYTES);
    expect(await turnsOf(caller.invoke({}, { Body: HUGE }))).toBeGreaterThanOrEqual(hashed + sent);
    expect(server.requests).toHaveLength(2);
  });

  it("is sent whole once more by a retry", async () => {
    const { server, caller } = await loopback([unavailable, answers()]);
    await caller.invoke({}, { Body: LARGE });
    expect(server.requests.map(({ body }) => Buffer.compare(body, LARGE))).toEqual([0, 0]);
  });

  it("that goes out slowly is no silence: the socket timeout counts from the newest slice", async () => {
    const { server, caller } = await loopback([silence], { timeouts: { socketMs: 70_000 } });
    const call = caller.invoke({}, { Body: HUGE });
    await server.until(() => server.connections === 1);
    server.sockets[0]!.pause();
    await fullBuffers();
    await caller.clock.advance(50_000);
    server.sockets[0]!.resume();
    await server.received(1);
    await caller.clock.advance(50_000);
    expect(await settlesInOneTurn(call)).toBe(false);
    server.requests[0]!.socket.write(http());
    expect(await call).toMatchObject({ $metadata: { attempts: 1 } });
  });

  it("that the service stops taking is a silence", async () => {
    const { server, caller } = await loopback([silence], {
      timeouts: { socketMs: 70_000 },
      retry: { maxAttempts: 1 },
    });
    const call = failureOf(caller.invoke({}, { Body: HUGE }));
    await server.until(() => server.connections === 1);
    server.sockets[0]!.pause();
    await fullBuffers();
    await caller.clock.advance(70_000);
    expect(await call).toMatchObject({ name: "TimeoutError", clock: "socket" });
  });

  it("that is aborted on its way closes its connection, and the next call gets another", async () => {
    const { server, caller } = await loopback([answers()]);
    const abort = new AbortController();
    const call = failureOf(caller.invoke({ abortSignal: abort.signal }, { Body: HUGE }));
    await server.until(() => server.connections === 1);
    server.sockets[0]!.pause();
    await fullBuffers();
    abort.abort();
    expect(await call).toMatchObject({ name: "AbortError", mayHaveExecuted: true });
    server.sockets[0]!.resume();
    await server.emptied();
    await caller.invoke();
    expect([server.connections, server.requests.length]).toEqual([2, 1]);
  });

  it("that is transferred away while it goes out fails its call, and holds up no other", async () => {
    const { server, caller } = await loopback([answers()]);
    const body = new Uint8Array(HUGE.length);
    const call = failureOf(caller.invoke({}, { Body: body }));
    await server.until(() => server.connections === 1);
    server.sockets[0]!.pause();
    await fullBuffers();
    const kept = structuredClone(body.buffer, { transfer: [body.buffer] });
    server.sockets[0]!.resume();
    expect(await call).toMatchObject({ name: "ResizedPayloadError" });
    await caller.invoke({}, { Body: LARGE });
    expect([server.requests.length, kept.byteLength]).toEqual([1, HUGE.length]);
  });

  it.each([100_000, LARGE.length])(
    "of %i bytes is let go of once a stream answers it, however long that goes on",
    async (size) => {
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc") as () => void;
      const { caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
      const payloads: WeakRef<Uint8Array>[] = [];
      const open = async () => {
        const Body = new Uint8Array(size);
        payloads.push(new WeakRef(Body));
        return (await caller.stream({}, { Body })).Body;
      };
      const streams = [];
      for (let call = 0; call < 10; call++) streams.push(await open());
      const kept = () => payloads.filter((payload) => payload.deref() !== undefined).length;
      // A few may be held by what has not been left yet.
      for (let round = 0; round < 50 && kept() > 2; round++) {
        await turns(1);
        collect();
      }
      expect(kept()).toBeLessThanOrEqual(2);
      for (const stream of streams) stream.cancel();
    },
  );

  it("that is refused before it is whole fails with the answer, and the next call gets another connection", async () => {
    const { server, caller } = await loopback([answers()]);
    const call = failureOf(caller.invoke({}, { Body: HUGE }));
    await server.until(() => server.connections === 1);
    const [socket] = server.sockets as [(typeof server.sockets)[number]];
    socket.pause();
    fails(413, "ValidationError")({ socket } as never);
    expect(await call).toMatchObject({ name: "ValidationError", $metadata: { httpStatusCode: 413 } });
    socket.resume();
    await caller.invoke();
    expect(server.connections).toBe(2);
  });
});

/** Turns enough for what goes out until nothing more is taken. */
async function fullBuffers(): Promise<void> {
  for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
}
