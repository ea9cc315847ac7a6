import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SageMakerRuntimeClient } from "../../lib/client.ts";
import type { ChaosOptions, ChaosRule } from "../../lib/resilience/chaos/options.ts";
import { chaos } from "../../middleware/chaos.ts";
import { scriptedClient } from "../support/scripted-client.ts";

function clientWith(...rules: ChaosRule[]) {
  return scriptedClient([200], { chaos: { rules }, maxAttempts: 1 });
}

describe("the chaos layer", () => {
  it.each([
    ["ServiceUnavailable", "ServiceUnavailable", "server_error", 503],
    ["ThrottlingException", "ThrottlingException", "throttled", 400],
    ["ModelError", "ModelError", "model_error", 424],
    ["InternalFailure", "InternalFailure", "server_error", 500],
  ] as const)("answers with %s, as the service would", async (outcome, name, counted, status) => {
    const { call, network, metric } = clientWith({ inject: "outcome", outcome, rate: 1 });
    const { error } = await call();
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: status, attempts: 1 } });
    expect(error?.message).toContain("injected by the chaos layer");
    expect(network.requests).toEqual([]);
    expect(await metric("requests_total", { outcome: counted })).toBe(1);
  });

  it.each([
    ["connect", "connect", false],
    ["reset", "headers", true],
  ] as const)("breaks the connection: %s", async (fault, phase, mayHaveExecuted) => {
    const { call, network } = clientWith({ inject: "fault", fault, rate: 1 });
    expect((await call()).error).toMatchObject({ name: "ConnectionError", phase, mayHaveExecuted });
    expect(network.requests).toEqual([]);
  });

  it.each<[string, { readonly resets: "connect" } | 200, ChaosRule[]]>([
    ["an injected", 200, [{ inject: "fault", fault: "connect", rate: 1 }]],
    ["a real", { resets: "connect" }, []],
  ])("has sent nothing where a latency is followed by %s failure to connect", async (_, answer, rules) => {
    const latency: ChaosRule = { inject: "latency", latencyMs: 300, rate: 1 };
    const chaos = { rules: [latency, ...rules] };
    const { call, clock } = scriptedClient([answer], { chaos, maxAttempts: 1 });
    const settled = call();
    await clock.advance(300);
    expect((await settled).error).toMatchObject({ phase: "connect", mayHaveExecuted: false });
  });

  it("lets a model take longer, and the clocks that watch it see that", async () => {
    const { call, clock, network } = scriptedClient([200], {
      chaos: { rules: [{ inject: "latency", latencyMs: 300, rate: 1 }] },
      timeouts: { socketMs: 1_000 },
    });
    const slow = call();
    await clock.advance(299);
    expect(network.requests).toHaveLength(0);
    await clock.advance(1);
    expect(await slow).toMatchObject({ ok: true });

    const silent = scriptedClient([200], {
      chaos: { rules: [{ inject: "latency", latencyMs: [2_000, 4_000], rate: 1 }] },
      timeouts: { socketMs: 1_000 },
      maxAttempts: 1,
    });
    const hung = silent.call();
    await silent.clock.advance(1_000);
    expect((await hung).error).toMatchObject({ name: "TimeoutError", clock: "socket" });
    expect(silent.clock.pendingTimers).toBe(0);
  });

  it("ends a latency with the call", async () => {
    const { call, clock } = clientWith({ inject: "latency", latencyMs: 60_000, rate: 1 });
    const abort = new AbortController();
    const settled = call({}, { abortSignal: abort.signal });
    await clock.advance(10);
    abort.abort();
    expect((await settled).error).toMatchObject({ name: "AbortError" });
    expect(clock.pendingTimers).toBe(0);
  });

  it("is done to the share of the attempts that its rate says, and to no other target", async () => {
    const draws = [0.1, 0.6, 0.4, 0.9];
    const { call } = scriptedClient([200], {
      chaos: {
        rules: [
          { inject: "fault", rate: 0.5, target: { endpoint: "churn", variant: "blue" } },
          { inject: "outcome", outcome: "InternalFailure", rate: 1, target: { endpoint: "other" } },
        ],
      },
      retry: false,
      circuitBreaker: false,
      random: () => draws.shift() ?? 0,
    });
    const blue = { EndpointName: "churn", TargetVariant: "blue" };
    const results = [];
    for (let index = 0; index < 4; index++) results.push((await call(blue)).ok);
    expect(results).toEqual([false, true, false, true]);
    expect(await call({ EndpointName: "churn", TargetVariant: "green" })).toMatchObject({ ok: true });
    expect(await call({ EndpointName: "churn" })).toMatchObject({ ok: true });
  });

  it("is seen by the layers above: a retry gets past it", async () => {
    const draws = [0, 1];
    const { call, clock, network } = scriptedClient([200], {
      chaos: { rules: [{ inject: "outcome", outcome: "ServiceUnavailable", rate: 0.5 }] },
      random: () => draws.shift() ?? 0.9,
    });
    const settled = call();
    await clock.advance(1_000);
    expect(await settled).toMatchObject({ ok: true });
    expect(network.requests).toHaveLength(1);
  });
});

describe("chaos", () => {
  it("is in no client that does not ask for it", () => {
    expect(clientWith().client.middlewareStack.identify().join()).toContain("chaos");
    expect(scriptedClient([200]).client.middlewareStack.identify().join()).not.toContain("chaos");
  });
});

describe("the options of the chaos layer", () => {
  const make = (chaos: unknown) => () =>
    new SageMakerRuntimeClient({ region: "eu-west-1", chaos: chaos as ChaosOptions });

  it.each([
    [{}, /chaos\.rules must be an array of rules, got undefined/],
    [{ rules: [], rate: 1 }, /chaos\.rate is not an option/],
    [{ rules: [{ inject: "panic", rate: 1 }] }, /chaos\.rules\[0\]\.inject must be one of "fault"/],
    [
      { rules: [{ inject: "fault", rate: 2 }] },
      /chaos\.rules\[0\]\.rate must be a number from 0 to 1, got 2/,
    ],
    [
      { rules: [{ inject: "fault", rate: 1, latencyMs: 5 }] },
      /chaos\.rules\[0\]\.latencyMs is not an option/,
    ],
    [{ rules: [{ inject: "fault", rate: 1, fault: "fire" }] }, /\.fault must be one of "connect", "reset"/],
    [{ rules: [{ inject: "outcome", rate: 1, outcome: "Teapot" }] }, /\.outcome must be one of/],
    [{ rules: [{ inject: "latency", rate: 1, latencyMs: [5, 1] }] }, /\.latencyMs must be .* in their order/],
    [{ rules: [{ inject: "latency", rate: 1, latencyMs: -1 }] }, /\.latencyMs must be a number of millisec/],
    [{ rules: [{ inject: "fault", rate: 1, target: { name: "x" } }] }, /\.target\.name is not an option/],
    [{ rules: [{ inject: "fault", rate: 1, target: { variant: 3 } }] }, /\.target\.variant must be a name/],
    [{ rules: [], allowInProduction: "yes" }, /allowInProduction must be true or false/],
    ["yes", /chaos must be/],
  ])("%j are refused in one sentence", (options, message) => {
    expect(make(options)).toThrow(message);
  });

  describe("under NODE_ENV=production", () => {
    beforeEach(() => void vi.stubEnv("NODE_ENV", "production"));
    afterEach(() => void vi.unstubAllEnvs());

    it("refuse to make a client, unless they allow it", () => {
      expect(make({ rules: [] })).toThrow(
        "chaos.allowInProduction must be true where NODE_ENV is production",
      );
      expect(make({ rules: [], allowInProduction: true })).not.toThrow();
      expect(make(false)).not.toThrow();
      expect(() => chaos({ rules: [] })).toThrow(/allowInProduction/);
    });
  });
});
