import type { BenchClient } from "../client.ts";

/** The baseline: what moving the bytes costs, with no signature and no layer. */
export const client: BenchClient = {
  description: "bare undici: Pool.request, unsigned",
  packages: ["undici"],
  isUnsigned: true,
  async open({ origin, maxSockets, endpointName, contentType }) {
    const { Pool } = await import("undici");
    const pool = new Pool(origin, { connections: maxSockets });
    const path = `/endpoints/${endpointName}/invocations`;
    const headers = { "content-type": contentType };
    return {
      async call(body, signal) {
        const response = await pool.request({ method: "POST", path, headers, body, signal: signal ?? null });
        return { status: response.statusCode, body: await response.body.bytes() };
      },
      close: () => pool.close(),
    };
  },
};
