import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CustomUserAgent, checkAppId, userAgentOf } from "../../lib/config/user-agent.ts";
import { VERSION } from "../../lib/version.ts";
import { officialRequest } from "./official-client.ts";

const agent = (parts: { appId?: string; custom?: CustomUserAgent; env?: Record<string, string> } = {}) =>
  userAgentOf({ appId: parts.appId, custom: parts.custom, env: parts.env ?? {} });

describe("the user agent", () => {
  it("names product, system, language and service in AWS's form", () => {
    expect(agent()).toMatch(/^\S+ ua\/2\.1 os\/\w+#\S+ lang\/js md\/nodejs#[\d.]+ api\/sagemaker-runtime$/);
    expect(agent().startsWith(`holdfast/${VERSION} `)).toBe(true);
  });

  it("names the execution environment and the application where they are known", () => {
    const env = { AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" };
    expect(agent({ env, appId: "my app" })).toMatch(/ exec-env\/AWS_Lambda_nodejs22\.x app\/my-app$/);
  });

  it("ends in what the caller adds", () => {
    expect(agent({ custom: "shop/1.0" })).toMatch(/ shop\/1\.0$/);
    expect(agent({ custom: [["shop", "1.0"], ["lib/x", "2"], ["bare"]] })).toMatch(
      / shop\/1\.0 lib\/x#2 bare$/,
    );
    expect(agent({ custom: "" })).toBe(agent());
  });

  it("writes application and additions as the official client does", async () => {
    // The official client drops a slash at either end of a name and lowers the case of api/..., which is ours to set.
    const isPlain = (text: string) => !/^\/|\/$|^api\//.test(text);
    const word = fc.string({ minLength: 1, maxLength: 10 }).filter(isPlain);
    const custom = fc.oneof(word, fc.array(fc.oneof(fc.tuple(word), fc.tuple(word, word)), { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(word, custom, async (appId, added) => {
        const official = await officialRequest({
          region: "eu-west-1",
          userAgentAppId: appId,
          customUserAgent: added as string,
        });
        const tail = (text: string | undefined) => text?.slice(text.indexOf(" app/"));
        expect(tail(agent({ appId, custom: added }))).toBe(tail(official.headers["user-agent"]));
      }),
      { numRuns: 100 },
    );
  });

  it("is always one line of ASCII", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (name, version) => {
        fc.pre(name !== "");
        expect(agent({ appId: version, custom: [[name, version]] })).toMatch(/^[\x20-\x7e]+$/);
      }),
    );
  });

  it.each([5, [["a", "b", "c"]], [[]], [[""]], [[5]], ["a"], { a: "b" }])(
    "takes text or pairs only, not %j",
    (custom) => {
      expect(() => agent({ custom: custom as unknown as CustomUserAgent })).toThrow(
        /^customUserAgent must be text, or an array of/,
      );
    },
  );

  it("takes an application name of up to 50 characters", () => {
    expect(checkAppId("userAgentAppId", "x".repeat(50))).toHaveLength(50);
    expect(() => checkAppId("AWS_SDK_UA_APP_ID", "x".repeat(51))).toThrow(
      /^AWS_SDK_UA_APP_ID must be text of at most 50 characters, got "x/,
    );
  });
});
