import { describe, expect, it, onTestFinished } from "vitest";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { startLocalEndpoint } from "../../lib/local/index.ts";
import { answers } from "../support/behaviours.ts";
import { deferred } from "../support/deferred.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { LoopbackClient, loopback } from "../support/loopback-client.ts";

const CAPACITY = 8;
const CALLS = 40;

/** A model that works on eight requests at once until it is let go, and refuses the ninth. */
async function busyModel(config: SageMakerRuntimeClientConfig) {
  let gate = deferred();
  const model = { busy: 0, mostBusy: 0, refused: 0 };
  const container = async () => {
    if (model.busy >= CAPACITY) {
      model.refused++;
      return { status: 503 };
    }
    model.mostBusy = Math.max(model.mostBusy, ++model.busy);
    await gate.promise;
    model.busy--;
    return { body: "0.5" };
  };
  const clock = new FakeClock();
  const endpoint = await startLocalEndpoint({ clock, variants: [{ name: "blue", weight: 1, container }] });
  onTestFinished(() => endpoint.close());
  const caller = new LoopbackClient(endpoint.url, {
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    retry: false,
    circuitBreaker: false,
    clock,
    ...config,
  });

  /** So many calls at once; the model is let go when each of them is with it, in the queue, or refused. */
  async function round(): Promise<{ readonly answered: number; readonly refused: number }> {
    const refusedBefore = model.refused;
    let ended = 0;
    const calls = Array.from({ length: CALLS }, () =>
      caller.invoke().finally(() => {
        ended++;
      }),
    );
    const outcomes = Promise.allSettled(calls);
    while (model.busy + ended + (await caller.metric("queue_depth")) < CALLS) await settle();
    gate.resolve();
    const answered = (await outcomes).filter(({ status }) => status === "fulfilled").length;
    gate = deferred();
    await clock.advance(1_000);
    return { answered, refused: model.refused - refusedBefore };
  }

  return { model, round };
}

describe("a model on a real socket that can work on 8 requests at once", () => {
  it("never gets more than the fixed limit, and every call is answered", async () => {
    const { model, round } = await busyModel({ concurrencyLimit: CAPACITY });
    expect(await round()).toEqual({ answered: CALLS, refused: 0 });
    expect(model.mostBusy).toBe(CAPACITY);
  });

  it("teaches the adaptive limit by its refusals what it can take", async () => {
    const { round } = await busyModel({});
    const first = await round();
    expect(first).toEqual({ answered: CAPACITY, refused: CALLS - CAPACITY });
    for (let i = 0; i < 6; i++) await round();
    const later = [await round(), await round(), await round()];
    for (const { answered } of later) expect(answered).toBeGreaterThanOrEqual(CALLS * 0.8);
  });
});

describe("the limit by default", () => {
  it.each([
    [40, 40],
    [1, 4],
    [500, 256],
  ])(
    "with %i sockets begins at %i: what has no connection may as well wait in the queue",
    async (maxSockets, limit) => {
      const { caller } = await loopback([answers()], { maxSockets });
      await caller.invoke();
      expect(await caller.metric("concurrency_limit")).toBe(limit);
    },
  );
});
