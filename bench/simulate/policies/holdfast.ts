import type { SageMakerRuntimeClientConfig } from "../../../lib/config/client-config.ts";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "../../../lib/index.ts";
import type { Policy, World } from "./policy.ts";
import { simulatedTransport } from "./simulated-transport.ts";

export const ENDPOINT = "simulated";

/**
 * The real client with its default layers in their order. Out of it are the signature, and the network, in whose
 * place the simulated one stands. The clock and the randomness are the world's.
 */
export function holdfastPolicy(
  name: string,
  description: string,
  options: SageMakerRuntimeClientConfig = {},
): Policy {
  return {
    name,
    description,
    packages: ["holdfast"],
    open(world) {
      const client = clientOf(world, options);
      return {
        async call(request) {
          const { model } = request;
          const input = {
            EndpointName: ENDPOINT,
            Body: "",
            InferenceId: String(request.id),
            ...(model !== undefined && { TargetModel: model }),
          };
          await client.send(new InvokeEndpointCommand(input));
        },
      };
    },
  };
}

function clientOf(world: World, options: SageMakerRuntimeClientConfig): SageMakerRuntimeClient {
  const { clock, random, attemptTimeoutMs } = world;
  const client = new SageMakerRuntimeClient({
    region: "eu-west-1",
    credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
    clock,
    random,
    timeouts: { attemptMs: attemptTimeoutMs },
    ...options,
  });
  client.middlewareStack.remove("sign");
  client.middlewareStack.use(simulatedTransport(world));
  return client;
}
