import { type FaultClient, inputOf } from "../faults/client.ts";

export const client: FaultClient = {
  description: "holdfast with its defaults; callTimeoutMs is how long the caller waits",
  packages: ["holdfast"],
  async open(target) {
    const { InvokeEndpointCommand, SageMakerRuntimeClient } = await import("holdfast");
    const { region, credentials, origin } = target;
    const sageMaker = new SageMakerRuntimeClient({ region, credentials, endpoint: origin });
    return {
      call: (body, options) =>
        sageMaker.send(new InvokeEndpointCommand(inputOf(target, body, options)), {
          callTimeoutMs: options.patienceMs,
        }),
      async close() {
        sageMaker.destroy();
      },
    };
  },
};
