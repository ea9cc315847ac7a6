import { describe, expect, it, onTestFinished } from "vitest";
import { type ContainerRequest, startLocalEndpoint } from "../../lib/local/index.ts";
import { deferred } from "../support/deferred.ts";
import { LoopbackClient } from "../support/loopback-client.ts";

const SLOW_AFTER_MS = 50;
const SAMPLES = 8;

describe("a hedge across the variants of a local endpoint", () => {
  it("is answered by the healthy variant, and the container of the stuck one sees its caller go", async () => {
    const isStuck = deferred();
    const isAlone = deferred();
    const blue = async ({ body, signal }: ContainerRequest) => {
      if (Buffer.from(body).toString() !== "stuck") return { body: "blue" };
      signal.addEventListener("abort", () => isAlone.resolve());
      isStuck.resolve();
      await isAlone.promise;
      return { body: "too late" };
    };
    const endpoint = await startLocalEndpoint({
      variants: [
        { name: "blue", weight: 1, container: blue },
        { name: "green", weight: 1, container: () => ({ body: "green" }) },
      ],
    });
    onTestFinished(() => endpoint.close());
    const caller = new LoopbackClient(endpoint.url, {
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      hedge: {
        minimumSamples: SAMPLES,
        maxExtraLoad: 0.5,
        minDelayMs: SLOW_AFTER_MS,
        variants: { churn: ["blue", "green"] },
      },
    });
    const ask = (Body: string) => caller.invoke({}, { TargetVariant: "blue", Body });
    for (let i = 0; i < SAMPLES; i++) expect((await ask("row")).Body.transformToString()).toBe("blue");

    const pending = ask("stuck");
    await isStuck.promise;
    await caller.clock.advance(SLOW_AFTER_MS);
    const { Body, InvokedProductionVariant } = await pending;
    expect([Body.transformToString(), InvokedProductionVariant]).toEqual(["green", "green"]);
    await isAlone.promise;
    expect(await caller.metric("attempts_total", { kind: "hedge", variant: "green" })).toBe(1);
    expect(await caller.metric("attempts_total", { outcome: "cancelled", variant: "blue" })).toBe(1);
  });
});
