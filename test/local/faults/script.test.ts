import { describe, expect, it } from "vitest";
import { startLocalEndpoint } from "../../../lib/local/index.ts";
import { bodyOf, rawCall } from "../support/raw-call.ts";
import { invoke } from "../support/signed-request.ts";

describe("a fault script", () => {
  it("can be replaced while the endpoint runs, and starts anew", async () => {
    const notReady = { rules: [{ match: { times: 1 }, fault: { type: "notReady" } as const }] };
    await using endpoint = await startLocalEndpoint({ faults: notReady });
    const statuses: number[] = [];
    for (const script of [undefined, undefined, notReady, undefined, { rules: [] }]) {
      if (script !== undefined) endpoint.setFaults(script);
      statuses.push((await invoke(endpoint.url)).status);
    }
    expect(statuses).toEqual([429, 200, 429, 200, 200]);
    expect(() => endpoint.setFaults({ rules: [{ fault: { type: "no" } as never }] })).toThrow(
      "rules[0].fault.type",
    );
  });

  it("does not touch requests that are refused, nor other variants", async () => {
    const rules = [{ match: { variant: "b" }, fault: { type: "reset" } as const }];
    const variants = [
      { name: "a", weight: 1 },
      { name: "b", weight: 0 },
    ];
    await using endpoint = await startLocalEndpoint({ variants, faults: { rules } });
    const credentials = { accessKeyId: "local", secretAccessKey: "wrong" };
    const headers = { "x-amzn-sagemaker-target-variant": "b" };
    expect((await invoke(endpoint.url, { headers, credentials })).status).toBe(403);
    expect((await invoke(endpoint.url)).status).toBe(200);
    await expect(invoke(endpoint.url, { headers })).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(endpoint.stats().faults).toEqual([1]);
  });

  it("shapes an asynchronous acceptance and an error's answer too", async () => {
    await using endpoint = await startLocalEndpoint({
      faults: { rules: [{ fault: { type: "truncate", afterBytes: 5 } }, { fault: { type: "notReady" } }] },
    });
    const call = await rawCall(endpoint.url, "/endpoints/churn/async-invocations");
    await call.closed;
    expect(call.received()).toMatch(/^HTTP\/1\.1 429 /);
    expect(bodyOf(call.received())).toHaveLength(5);
  });
});
