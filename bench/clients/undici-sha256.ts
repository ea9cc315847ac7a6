import { hash } from "node:crypto";
import type { BenchClient } from "../client.ts";

/** The yardstick for large bodies: every signature needs the hash, so no correct client can do with less. */
export const client: BenchClient = {
  description: "undici: Pool.request with the body's SHA-256 by node:crypto in a header, unsigned",
  packages: ["undici"],
  isUnsigned: true,
  async open({ origin, maxSockets, endpointName, contentType }) {
    const { Pool } = await import("undici");
    const pool = new Pool(origin, { connections: maxSockets });
    const path = `/endpoints/${endpointName}/invocations`;
    return {
      async call(body) {
        const headers = { "content-type": contentType, "x-amz-content-sha256": hash("sha256", body) };
        const response = await pool.request({ method: "POST", path, headers, body });
        return { status: response.statusCode, body: await response.body.bytes() };
      },
      close: () => pool.close(),
    };
  },
};
