import type { BenchClient, OpenStreamClient } from "../client.ts";
import { payloadsOf } from "../peers/payloads.ts";

export const client: BenchClient<OpenStreamClient> = {
  description: "holdfast with every layer on: a default client with metrics in a prom-client Registry",
  packages: ["holdfast", "prom-client"],
  async open({ origin, maxSockets, region, credentials, endpointName, contentType }) {
    const { Registry } = await import("prom-client");
    const { InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } = await import("holdfast");
    const metrics = { registry: new Registry() };
    const config = { region, credentials, endpoint: origin, maxSockets, metrics };
    const sageMaker = new SageMakerRuntimeClient(config);
    return {
      async *stream(body) {
        const input = { EndpointName: endpointName, ContentType: contentType, Body: body };
        const output = await sageMaker.send(new InvokeEndpointWithResponseStreamCommand(input));
        yield* payloadsOf(output.Body);
      },
      async close() {
        sageMaker.destroy();
      },
    };
  },
};
