import { inspect } from "node:util";
import type { AwsCredentialIdentity } from "@smithy/types";
import { describe, expect, it } from "vitest";
import { StaticCredentials } from "../../lib/credentials/static-credentials.ts";

const identity = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "s3cret", sessionToken: "t0ken" };
const given = (value: unknown) => () => new StaticCredentials(value as AwsCredentialIdentity);

describe("credentials given in code", () => {
  it("are there at once, and there are no others", async () => {
    const source = new StaticCredentials(identity);
    expect(source.resolve()).toEqual(identity);
    expect(source.resolve()).toBe(source.resolve());
    expect(await source.refresh()).toBe(source.resolve());
    expect(source.invalidate()).toBe(false);
    expect(source.resolve()).toEqual(identity);
  });

  it("are copied, with what signing and account routing need", () => {
    const whole = {
      ...identity,
      expiration: new Date(5),
      accountId: "1",
      credentialScope: "eu",
      $source: { a: "b" },
    };
    const source = new StaticCredentials(whole);
    whole.secretAccessKey = "changed";
    const { $source, ...kept } = whole;
    expect(source.resolve()).toEqual({ ...kept, secretAccessKey: "s3cret" });
  });

  it("may be an instance whose parts are getters", () => {
    class Credentials {
      get accessKeyId() {
        return "a";
      }
      get secretAccessKey() {
        return "b";
      }
    }
    expect(given(new Credentials())().resolve()).toEqual({ accessKeyId: "a", secretAccessKey: "b" });
  });

  it.each(["", null, undefined])("have no token where it is %j", (sessionToken) => {
    expect(given({ ...identity, sessionToken })().resolve()).not.toHaveProperty("sessionToken");
  });

  it.each([
    [null, "credentials must be an object with accessKeyId and secretAccessKey"],
    ["s3cret", "credentials must be an object with accessKeyId and secretAccessKey"],
    [{}, "credentials.accessKeyId is missing"],
    [{ accessKeyId: "", secretAccessKey: "s3cret" }, "credentials.accessKeyId is missing"],
    [{ accessKeyId: "AKIDEXAMPLE" }, "credentials.secretAccessKey is missing"],
    [
      { ...identity, secretAccessKey: "s3cret\n" },
      "credentials.secretAccessKey must be a non-empty string without white space (the value is not shown)",
    ],
    [
      { ...identity, accessKeyId: 5 },
      "credentials.accessKeyId must be a non-empty string without white space (the value is not shown)",
    ],
    [
      { ...identity, sessionToken: "t0ken s3cret" },
      "credentials.sessionToken must be a non-empty string without white space (the value is not shown)",
    ],
    [{ ...identity, expiration: "tomorrow" }, "credentials.expiration must be a valid Date"],
    [{ ...identity, expiration: new Date(Number.NaN) }, "credentials.expiration must be a valid Date"],
  ])("are refused with the name of the part that is wrong and no value: %#", (value, message) => {
    expect(given(value)).toThrow(new TypeError(message));
    expect(given(value)).not.toThrow(/s3cret|t0ken|AKIDEXAMPLE/);
  });

  it("show in no log", () => {
    const source = new StaticCredentials(identity);
    expect(inspect(source, { showHidden: true, depth: 9 })).not.toMatch(/s3cret|t0ken|AKIDEXAMPLE/);
    expect(JSON.stringify({ source })).toBe('{"source":{}}');
  });
});
