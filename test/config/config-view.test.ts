import { inspect } from "node:util";
import * as official from "@aws-sdk/client-sagemaker-runtime";
import { ProxyAgent } from "undici";
import { describe, expect, it } from "vitest";
import { SageMakerRuntimeClient } from "../../lib/client.ts";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import type { CallMiddleware } from "../../lib/types.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "s3cret-key", sessionToken: "t0ken" };
const base = { region: "eu-west-1", credentials };

/** What plug-ins read of the AWS SDK's `client.config`. */
const OFFICIAL = [
  "serviceId",
  "region",
  "endpoint",
  "credentials",
  "maxAttempts",
  "retryMode",
  "useFipsEndpoint",
  "useDualstackEndpoint",
] as const;

/** Each as it is there, and what it gives where it is a function. */
async function read(config: object): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  for (const name of OFFICIAL) {
    const value = (config as Record<string, unknown>)[name];
    const given: unknown = typeof value === "function" ? value() : value;
    seen[name] = [typeof value, given instanceof Promise, await given];
  }
  return seen;
}

describe("client.config", () => {
  it.each<[string, SageMakerRuntimeClientConfig]>([
    ["a region alone", {}],
    ["a custom endpoint", { endpoint: "https://proxy.example:8443/base" }],
    ["a custom endpoint at the root", { endpoint: "https://proxy.example" }],
    ["FIPS and dual-stack", { useFipsEndpoint: true, useDualstackEndpoint: true }],
    ["a region that asks for FIPS", { region: "us-east-1-fips" }],
    ["attempts", { maxAttempts: 5 }],
  ])("shows the AWS SDK's options as the AWS SDK does: %s", async (_, options) => {
    const ours = await read(new SageMakerRuntimeClient({ ...base, ...options }).config);
    // A copy: the official client marks the object that it is given.
    const given = { ...base, credentials: { ...credentials }, ...options };
    const { config } = new official.SageMakerRuntimeClient(given as official.SageMakerRuntimeClientConfig);
    const theirs = await read(config);
    expect(ours).toEqual({ ...theirs, credentials: ["function", true, credentials] });
    expect(theirs.credentials).toMatchObject(["function", true, credentials]);
  });

  it("is what tracing asks for the region once the answer is here, as AWS X-Ray does", async () => {
    const { client, call } = scriptedClient([200]);
    const { config } = client;
    const regions: string[] = [];
    const trace: CallMiddleware = (next) => async (args) => {
      const result = await next(args);
      regions.push(await config.region());
      return result;
    };
    client.middlewareStack.add(trace as never, { name: "trace", step: "build" });
    expect((await call()).ok).toBe(true);
    expect(regions).toEqual(["eu-west-1"]);
  });

  it("shows this client's own options as they are, and those in force after a change", async () => {
    const client = new SageMakerRuntimeClient({ ...base, callTimeoutMs: 7_000, concurrencyLimit: 9 });
    expect(client.config).toMatchObject({ callTimeoutMs: 7_000, concurrencyLimit: 9, maxSockets: 256 });
    expect(client.config).toBe(client.config);
    client.reconfigure({ maxAttempts: 6, callTimeoutMs: 8_000 });
    expect(client.config.callTimeoutMs).toBe(8_000);
    expect(await client.config.maxAttempts()).toBe(6);
  });

  it("gives the credentials that calls are signed with, and newer ones when asked to", async () => {
    let count = 0;
    const provider = async () => ({ ...credentials, accessKeyId: `AKID${++count}` });
    const { config } = new SageMakerRuntimeClient({ ...base, credentials: provider });
    expect((await config.credentials()).accessKeyId).toBe("AKID1");
    expect((await config.credentials()).accessKeyId).toBe("AKID1");
    expect((await config.credentials({ forceRefresh: true })).accessKeyId).toBe("AKID2");
  });

  it("cannot be changed, and has a logger that drops what plug-ins write", () => {
    const { config } = new SageMakerRuntimeClient(base);
    expect(Object.isFrozen(config)).toBe(true);
    for (const level of ["trace", "debug", "info", "warn", "error"] as const) {
      expect(config.logger[level]?.("text")).toBeUndefined();
    }
  });

  it("prints no secret: neither credentials nor the password of a proxy", () => {
    const dispatcher = new ProxyAgent({ uri: "http://127.0.0.1:1", token: "Basic hush" });
    const { config } = new SageMakerRuntimeClient({ ...base, dispatcher });
    expect(config.dispatcher).toBe(dispatcher);
    for (const text of [inspect(config, { depth: 9 }), JSON.stringify(config)]) {
      expect(text).toContain("callTimeoutMs");
      expect(text).not.toMatch(/AKIDEXAMPLE|s3cret-key|t0ken|hush/);
    }
  });
});
