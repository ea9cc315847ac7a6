import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { type LocalEndpointOptions, startLocalEndpoint } from "../../lib/local/index.ts";
import { Stats } from "../../lib/local/stats.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { invoke, send } from "./support/signed-request.ts";

const HAS_IPV6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === "::1");

describe("startLocalEndpoint", () => {
  it("listens on a free port of loopback, echoes, and answers pings without a signature", async () => {
    await using endpoint = await startLocalEndpoint();
    expect(endpoint.url).toBe(`http://127.0.0.1:${endpoint.port}`);
    const { status, headers, body } = await invoke(endpoint.url, { headers: { "content-type": "text/csv" } });
    expect([status, headers["content-type"], body.toString()]).toEqual([200, "text/csv", "1,2,3"]);
    expect((await fetch(`${endpoint.url}/ping`)).status).toBe(200);
  });

  it("names loopback in its URL when it listens on every address", async () => {
    await using everywhere = await startLocalEndpoint({ host: "0.0.0.0" });
    expect(everywhere.url).toBe(`http://127.0.0.1:${everywhere.port}`);
    expect((await fetch(`${everywhere.url}/ping`)).status).toBe(200);
  });

  it.skipIf(!HAS_IPV6).each(["::1", "::"])("brackets IPv6 in its URL: %s", async (host) => {
    await using endpoint = await startLocalEndpoint({ host });
    expect(endpoint.url).toBe(`http://[::1]:${endpoint.port}`);
    expect((await fetch(`${endpoint.url}/ping`)).status).toBe(200);
  });

  it("rejects when the port is taken", async () => {
    await using endpoint = await startLocalEndpoint();
    await expect(startLocalEndpoint({ port: endpoint.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it.each([
    [{ port: 65_536 }, "port must be a whole number of at least 0 and at most 65535, got 65536"],
    [{ host: "" }, 'host must be a text that is not empty, got ""'],
    [{ seed: -1 }, "seed must be a whole number of at least 0 and at most 4294967295, got -1"],
    [
      { containerTimeoutMs: 0 },
      "containerTimeoutMs must be a number of milliseconds above 0 and up to 2147483647, got 0",
    ],
    [{ maxBodyBytes: 0.5 }, "maxBodyBytes must be a whole number of at least 1, got 0.5"],
    [{ storeDirectory: "" }, 'storeDirectory must be a text that is not empty, got ""'],
    [{ variants: [] }, "variants must be a list of at least one variant, got an array of 0"],
    [
      { variants: [{ name: "a_b", weight: 1 }] },
      'variants[0].name must be up to 63 letters, digits and inner hyphens, got "a_b"',
    ],
    [
      {
        variants: [
          { name: "a", weight: 1 },
          { name: "a", weight: 1 },
        ],
      },
      'variants[1].name must be different from every other variant\'s, got "a"',
    ],
    [
      { variants: [{ name: "a", weight: -1 }] },
      "variants[0].weight must be a number from 0 to 9007199254740991, got -1",
    ],
    [
      { variants: [{ name: "a", weight: Number.POSITIVE_INFINITY }] },
      "variants[0].weight must be a number from 0 to 9007199254740991, got Infinity",
    ],
    [
      {
        variants: [
          { name: "a", weight: Number.MAX_VALUE },
          { name: "b", weight: Number.MAX_VALUE },
        ],
      },
      "variants[0].weight must be a number from 0 to 9007199254740991, got 1.7976931348623157e+308",
    ],
    [{ variants: [{ name: "a", weight: 0 }] }, "variants: the sum of all weights must be above 0, got 0"],
    [
      { variants: [{ name: "a", weight: 1, container: "ftp://x" }] },
      'variants[0].container must be a function or an http or https URL without query and credentials, got "ftp://x"',
    ],
    [
      { variants: [{ name: "a", weight: 1, url: "x" }] },
      "variants[0].url is not an option; known here: name, weight, container",
    ],
    [
      { endpoints: {} },
      "endpoints must be an object with at least one endpoint's variants, got an object (Object)",
    ],
    [{ endpoints: { a: [] } }, "endpoints.a must be a list of at least one variant, got an array of 0"],
    [
      { endpoints: { "a b": [] } },
      'endpoints: each name must be up to 63 letters, digits and inner hyphens, got "a b"',
    ],
    [
      { endpoints: { a: [{ name: "a", weight: 1 }] }, variants: [{ name: "a", weight: 1 }] },
      "variants and endpoints cannot both be given: endpoints has the variants of each",
    ],
    [{ credentials: { accessKeyId: "a" } }, "credentials.secretAccessKey must be a text that is not empty"],
    [
      { credentials: { accessKeyId: "a", secretAccessKey: "b", token: "c" } },
      "credentials.token is not an option; known here: accessKeyId, secretAccessKey, sessionToken",
    ],
    [{ faults: { rules: [{}] } }, "rules[0].fault must be an object, got undefined"],
  ])("refuses %j in one line", async (options, message) => {
    const started = startLocalEndpoint(options as unknown as LocalEndpointOptions);
    await expect(started).rejects.toHaveProperty("message", message);
  });

  it("refuses an option it does not know", async () => {
    await expect(startLocalEndpoint({ prot: 1 } as never)).rejects.toThrow(
      /^prot is not an option; known here: host, port/,
    );
  });
});

describe("stats", () => {
  it("count per operation, endpoint, variant and outcome, and are served as JSON", async () => {
    const clock = new FakeClock(Date.now());
    const failing = () => ({ status: 500 });
    await using endpoint = await startLocalEndpoint({
      clock,
      variants: [
        { name: "a", weight: 1 },
        { name: "b", weight: 0, container: failing },
      ],
    });
    const target = { "x-amzn-sagemaker-target-variant": "b" };
    await invoke(endpoint.url);
    await invoke(endpoint.url, { headers: target });
    await invoke(endpoint.url, { path: "/endpoints/fraud/invocations" });
    await invoke(endpoint.url, { credentials: { accessKeyId: "x", secretAccessKey: "y" } });
    await send(endpoint.url, { path: "/b/k", method: "GET", service: "s3" });
    await clock.advance(1_234);
    const stats = endpoint.stats();
    expect(stats).toEqual({
      uptimeMs: 1_234,
      requests: 4,
      operations: {
        InvokeEndpoint: { requests: 4, outcomes: { ok: 2, ModelError: 1, UnrecognizedClientException: 1 } },
        GetObject: { requests: 1, outcomes: { NoSuchKey: 1 } },
      },
      variants: {
        a: { requests: 2, outcomes: { ok: 2 } },
        b: { requests: 1, outcomes: { ModelError: 1 } },
      },
      endpoints: {
        churn: { a: { requests: 1, outcomes: { ok: 1 } }, b: { requests: 1, outcomes: { ModelError: 1 } } },
        fraud: { a: { requests: 1, outcomes: { ok: 1 } } },
      },
      connections: { opened: 5, open: expect.any(Number) },
      asyncInvocations: { queued: 0, running: 0, completed: 0, failed: 0 },
      faults: [],
    });
    const served = await fetch(`${endpoint.url}/_holdfast/stats`);
    expect(await served.json()).toMatchObject({ requests: 4, variants: stats.variants });
  });

  it("count endpoint names beyond the first thousand together", () => {
    const counts = new Stats();
    for (let index = 0; index < 1_005; index++) counts.begin("InvokeEndpoint").variant(`e${index}`, "a");
    const { endpoints } = counts.snapshot();
    expect(Object.keys(endpoints)).toHaveLength(1_001);
    expect(endpoints["(other)"]).toEqual({ a: { requests: 5, outcomes: {} } });
  });
});

describe("close", () => {
  it("ends everything that is under way and leaves no timer", async () => {
    const clock = new FakeClock(Date.now());
    const signals: AbortSignal[] = [];
    const endpoint = await startLocalEndpoint({
      clock,
      faults: {
        rules: [{ match: { times: 1 }, fault: { type: "latency", distribution: "fixed", ms: 1_000 } }],
      },
      variants: [
        {
          name: "a",
          weight: 1,
          container: ({ signal }) => {
            signals.push(signal);
            return new Promise(() => {});
          },
        },
      ],
    });
    const idle = connect(endpoint.port, "127.0.0.1");
    const idleClosed = new Promise((resolve) => idle.on("close", resolve));
    const delayed = invoke(endpoint.url);
    const delayedFails = expect(delayed).rejects.toThrow();
    await expect.poll(() => clock.pendingTimers).toBe(1);
    const inContainer = invoke(endpoint.url);
    const containerFails = expect(inContainer).rejects.toThrow();
    await send(endpoint.url, { path: "/endpoints/churn/async-invocations", body: "x" });
    await expect.poll(() => signals.length).toBe(2);
    await endpoint.close();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(clock.pendingTimers).toBe(0);
    expect(endpoint.stats().connections.open).toBe(0);
    await Promise.all([delayedFails, containerFails, idleClosed]);
    await expect(fetch(`${endpoint.url}/ping`)).rejects.toThrow();
  });

  it("may be called twice", async () => {
    const endpoint = await startLocalEndpoint();
    await Promise.all([endpoint.close(), endpoint.close()]);
    await endpoint[Symbol.asyncDispose]();
  });
});
