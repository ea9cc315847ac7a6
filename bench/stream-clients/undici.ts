import type { BenchClient, OpenStreamClient } from "../client.ts";

export const client: BenchClient<OpenStreamClient> = {
  description: "bare undici: Pool.request, unsigned, its body cut and decoded by the codec of @smithy/core",
  packages: ["undici", "@smithy/core"],
  isUnsigned: true,
  async open({ origin, maxSockets, endpointName, contentType }) {
    const { Pool } = await import("undici");
    const { EventStreamCodec, getChunkedStream } = await import("@smithy/core/event-streams");
    const { fromUtf8, toUtf8 } = await import("@smithy/core/serde");
    const pool = new Pool(origin, { connections: maxSockets });
    const codec = new EventStreamCodec(toUtf8, fromUtf8);
    const path = `/endpoints/${endpointName}/invocations-response-stream`;
    const headers = { "content-type": contentType };
    return {
      async *stream(body) {
        const response = await pool.request({ method: "POST", path, headers, body });
        if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
        for await (const frame of getChunkedStream(response.body)) yield codec.decode(frame).body;
      },
      close: () => pool.close(),
    };
  },
};
