import type { BenchClient } from "../client.ts";

/** The baseline: what moving the bytes costs, with no signature and no layer. */
export const client: BenchClient = {
  description: "bare undici: Pool.request, unsigned",
  packages: ["undici"],
  async open({ origin, endpointName, contentType }) {
    const { Pool } = await import("undici");
    const pool = new Pool(origin);
    const path = `/endpoints/${endpointName}/invocations`;
    const headers = { "content-type": contentType };
    return {
      async call(body) {
        const response = await pool.request({ method: "POST", path, headers, body });
        return { status: response.statusCode, body: await response.body.bytes() };
      },
      close: () => pool.close(),
    };
  },
};
