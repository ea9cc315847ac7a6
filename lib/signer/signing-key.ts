import { createHmac } from "node:crypto";
import type { AwsCredentialIdentity } from "@smithy/types";

/** The key that signatures of one day are made with. Derived once a day and identity: it takes four HMACs. */
export class SigningKey {
  readonly #region: string;
  readonly #service: string;
  #identity: AwsCredentialIdentity | undefined;
  #day = "";
  #key: Buffer | undefined;

  constructor(region: string, service: string) {
    this.#region = region;
    this.#service = service;
  }

  /** @param day as `yyyymmdd` */
  of(identity: AwsCredentialIdentity, day: string): Buffer {
    if (this.#key === undefined || identity !== this.#identity || day !== this.#day) {
      this.#key = this.#derive(identity.secretAccessKey, day);
      this.#identity = identity;
      this.#day = day;
    }
    return this.#key;
  }

  #derive(secret: string, day: string): Buffer {
    const ofDay = hmac(`AWS4${secret}`, day);
    const ofRegion = hmac(ofDay, this.#region);
    return hmac(hmac(ofRegion, this.#service), "aws4_request");
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
