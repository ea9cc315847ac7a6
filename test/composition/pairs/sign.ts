import type { AwsCredentialIdentity } from "@smithy/types";
import { expect } from "vitest";
import { deferred } from "../../support/deferred.ts";
import { settle } from "../../support/fake-clock.ts";
import { scriptedClient } from "../../support/scripted-client.ts";
import { ended, openStream, type Pairs, STREAM } from "./kit.ts";

const KEYS: AwsCredentialIdentity = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const EXPIRED = { status: 403, headers: { "x-amzn-errortype": "ExpiredTokenException" }, body: "{}" };

/** Credentials that are other ones each time they are asked for. */
function renewed() {
  let asked = 0;
  return async () => ({ ...KEYS, sessionToken: `token-${++asked}` });
}

export const sign: Pairs = {
  socketTimeout: [
    "the wait for credentials is no silence of the connection",
    async () => {
      const keys = deferred<AwsCredentialIdentity>();
      const config = { credentials: () => keys.promise, timeouts: { socketMs: 400 } };
      const test = scriptedClient([{ afterMs: 399, answer: 200 }], config);
      const pending = test.call();
      await test.clock.advance(5_000);
      keys.resolve(KEYS);
      await settle();
      await test.clock.advance(399);
      expect((await pending).ok).toBe(true);
    },
  ],
  errorMapper: [
    "a typed refusal of the signature is mended: with a new token, and by the service's clock",
    async () => {
      const date = new Date(Date.UTC(2026, 0, 2, 3, 14, 5)).toUTCString();
      const skewed = {
        status: 403,
        headers: { "x-amzn-errortype": "SignatureDoesNotMatch", date },
        body: "{}",
      };
      const test = scriptedClient([EXPIRED, 200, skewed, 200], { credentials: renewed() });
      expect((await ended(test)).ok).toBe(true);
      expect((await ended(test)).ok).toBe(true);
      const headers = test.network.requests.map((request) => request.headers);
      expect(headers.slice(0, 2).map((h) => h["x-amz-security-token"])).toEqual(["token-1", "token-2"]);
      expect(headers[3]?.["x-amz-date"]).toBe("20260102T031405Z");
    },
  ],
  deserialize: [
    "a stream whose signature was refused is opened again before anybody reads it",
    async () => {
      const test = scriptedClient([EXPIRED, STREAM], { credentials: renewed() });
      expect(await (await openStream(test)).text()).toBe("hello");
      expect(test.network.requests).toHaveLength(2);
    },
  ],
  chaos: [
    "chaos takes the place of the network alone: an attempt that cannot be signed meets none",
    async () => {
      const credentials = () => Promise.reject(new Error("no credentials"));
      const rules = [{ inject: "fault", rate: 1 } as const];
      const test = scriptedClient([200], { retry: false, credentials, chaos: { rules } });
      expect((await ended(test, 60_000)).error?.name).toBe("CredentialsProviderError");
    },
  ],
};
