import type { BenchClient } from "../client.ts";
import { nodeHandlerOptions, openOfficialClient } from "../peers/official-client.ts";

/** The way that most Node services add a breaker. */
export const client: BenchClient = {
  description: "opossum's circuit breaker and timeout around the official client, which retries",
  packages: ["opossum", "@aws-sdk/client-sagemaker-runtime"],
  async open(target) {
    const { default: CircuitBreaker } = await import("opossum");
    const official = await openOfficialClient(target, nodeHandlerOptions(target));
    const breaker = new CircuitBreaker((body: Uint8Array) => official.send(body), {
      timeout: 120_000,
      errorThresholdPercentage: 50,
      resetTimeout: 30_000,
    });
    return {
      call: (body) => breaker.fire(body),
      async close() {
        breaker.shutdown();
        official.destroy();
      },
    };
  },
};
