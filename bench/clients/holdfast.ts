import type { BenchClient } from "../client.ts";

/** A default client: metrics, deadline, retry, circuit breaker, signature and socket timeout are all on. */
export const client: BenchClient = {
  description: "holdfast with every layer on: a default client with metrics in a prom-client Registry",
  packages: ["holdfast", "prom-client"],
  async open({ origin, region, credentials, endpointName, contentType }) {
    const { Registry } = await import("prom-client");
    const { InvokeEndpointCommand, SageMakerRuntimeClient } = await import("holdfast");
    const sageMaker = new SageMakerRuntimeClient({
      region,
      credentials,
      endpoint: origin,
      metrics: { registry: new Registry() },
    });
    return {
      async call(body) {
        const output = await sageMaker.send(
          new InvokeEndpointCommand({ EndpointName: endpointName, ContentType: contentType, Body: body }),
        );
        return { status: output.$metadata.httpStatusCode ?? 0, body: output.Body };
      },
      async close() {
        sageMaker.destroy();
      },
    };
  },
};
