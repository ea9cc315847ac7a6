import { describe, expect, it } from "vitest";
import { scriptedClient } from "../support/scripted-client.ts";

describe("a permit that was free", () => {
  it("counts for the tenant that took it: who holds its share waits behind who holds nothing", async () => {
    const script = ["silence", { afterMs: 100, answer: 200 }, 200] as const;
    const { client, call, clock, network } = scriptedClient(script, { concurrencyLimit: 2 });
    const pending = [
      call({ InferenceId: "crowd-1" }, { fairnessKey: "crowd" }),
      call({ InferenceId: "single-1" }, { fairnessKey: "single" }),
      call({ InferenceId: "crowd-2" }, { fairnessKey: "crowd" }),
      call({ InferenceId: "single-2" }, { fairnessKey: "single" }),
    ];
    await clock.advance(100);
    const order = network.requests.map(({ headers }) => headers["x-amzn-sagemaker-inference-id"]);
    expect(order).toEqual(["crowd-1", "single-1", "single-2", "crowd-2"]);
    client.destroy();
    await Promise.all(pending);
  });

  it("teaches the limit how many were in flight when it was taken, and not what is left when it comes back", async () => {
    const { client, call, clock } = scriptedClient([{ afterMs: 600, answer: 200 }], {
      concurrencyLimit: { algorithm: "aimd", initial: 50 },
    });
    // Half of the limit is in use, and not one less: just enough for it to grow.
    for (let round = 0; round < 2; round++) {
      const calls = Array.from({ length: 25 }, () => call());
      await clock.advance(600);
      await Promise.all(calls);
    }
    expect([...client.limiters].map(({ limit }) => limit > 50)).toEqual([true]);
  });
});
