import { type FaultClient, inputOf } from "../faults/client.ts";

export const client: FaultClient = {
  description:
    "official client with its defaults; an abort signal ends what takes longer than the caller waits, for it has no bound of its own",
  packages: ["@aws-sdk/client-sagemaker-runtime"],
  async open(target) {
    const { InvokeEndpointCommand, SageMakerRuntimeClient } = await import(
      "@aws-sdk/client-sagemaker-runtime"
    );
    const { region, credentials, origin } = target;
    const sageMaker = new SageMakerRuntimeClient({ region, credentials, endpoint: origin });
    return {
      call: (body, options) =>
        sageMaker.send(new InvokeEndpointCommand(inputOf(target, body, options)), {
          abortSignal: AbortSignal.timeout(options.patienceMs),
        }),
      async close() {
        sageMaker.destroy();
      },
    };
  },
};
