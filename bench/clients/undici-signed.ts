import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import type { Checksum, SourceData } from "@smithy/types";
import type { BenchClient } from "../client.ts";

/** Signed by hand: the least that a correct call to the service costs with the packages at hand. */
export const client: BenchClient = {
  description: "undici: Pool.request + @smithy/signature-v4 with node:crypto hashes",
  packages: ["undici", "@smithy/signature-v4"],
  async open({ origin, maxSockets, region, credentials, endpointName, contentType }) {
    const { Pool } = await import("undici");
    const { SignatureV4 } = await import("@smithy/signature-v4");
    const pool = new Pool(origin, { connections: maxSockets });
    const signer = new SignatureV4({ service: "sagemaker", region, credentials, sha256: NativeSha256 });
    const path = `/endpoints/${endpointName}/invocations`;
    const { protocol, hostname, host } = new URL(origin);
    return {
      async call(body) {
        const headers = { host, "content-type": contentType };
        const request = { method: "POST", protocol, hostname, path, headers, body };
        const signed = await signer.sign(request);
        const response = await pool.request({ method: "POST", path, headers: signed.headers, body });
        return { status: response.statusCode, body: await response.body.bytes() };
      },
      close: () => pool.close(),
    };
  },
};

/** SHA-256, keyed when there is a secret, in the shape that the signer constructs. */
class NativeSha256 implements Checksum {
  readonly #secret: Uint8Array | string | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = this.#start();
  }

  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#start();
  }

  #start(): Hash | Hmac {
    return this.#secret === undefined ? createHash("sha256") : createHmac("sha256", this.#secret);
  }
}

function bytesOf(data: SourceData): Uint8Array | string {
  if (typeof data === "string") return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
