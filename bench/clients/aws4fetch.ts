import type { BenchClient } from "../client.ts";

export const client: BenchClient = {
  description: "aws4fetch: its AwsClient on Node's global fetch",
  packages: ["aws4fetch"],
  async open({ origin, region, credentials, endpointName, contentType }) {
    const { AwsClient } = await import("aws4fetch");
    const aws = new AwsClient({ ...credentials, region, service: "sagemaker" });
    const url = `${origin}/endpoints/${endpointName}/invocations`;
    const headers = { "content-type": contentType };
    return {
      async call(body) {
        // A cast: the DOM's type wants to know that the bytes are not shared memory.
        const response = await aws.fetch(url, {
          method: "POST",
          headers,
          body: body as Uint8Array<ArrayBuffer>,
        });
        return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
      },
      // The sockets of global fetch go with the process.
      async close() {},
    };
  },
};
