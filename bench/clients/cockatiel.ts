import type { BenchClient } from "../client.ts";
import { nodeHandlerOptions, openOfficialClient } from "../peers/official-client.ts";
import { cockatielPolicies } from "../peers/policies.ts";

export const client: BenchClient = {
  description:
    "cockatiel's retry, circuit breaker and timeout around the official client, which does not retry",
  packages: ["cockatiel", "@aws-sdk/client-sagemaker-runtime"],
  async open(target) {
    const official = await openOfficialClient(target, { ...nodeHandlerOptions(target), maxAttempts: 1 });
    const policies = await cockatielPolicies(isServersFault);
    return {
      call: (body) => policies.execute(({ signal }) => official.send(body, signal)),
      close: async () => official.destroy(),
    };
  },
};

function isServersFault(error: Error): boolean {
  return !("$fault" in error) || error.$fault === "server";
}
