import { Counter, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { recorderFor } from "../../lib/metrics/recorder.ts";
import { parseExposition } from "../support/exposition.ts";
import { MetricsHarness, openMetricsRegistry } from "../support/metrics-harness.ts";

const REQUESTS = "sagemaker_client_requests_total";
const ATTEMPTS = "sagemaker_client_attempts_total";

describe("clients on one registry", () => {
  it("count together", async () => {
    const first = new MetricsHarness();
    const second = new MetricsHarness({}, first.registry);
    await first.run("ok", { variant: "blue" });
    await second.run("ok", { variant: "blue" });
    expect((await first.scrape()).value(REQUESTS, { variant: "blue", outcome: "ok" })).toBe(2);
  });

  it("are told apart by the default labels of their registries, where two regions have an endpoint of one name", async () => {
    for (const region of ["eu-west-1", "us-east-1"]) {
      const metrics = new MetricsHarness();
      metrics.registry.setDefaultLabels({ region });
      await metrics.run("ok");
      const scrape = await metrics.scrape();
      expect(scrape.value(REQUESTS, { endpoint: "churn", outcome: "ok" })).toBe(1);
      expect(scrape.series.every(({ labels }) => labels.region === region)).toBe(true);
    }
  });

  it("have a declared variant each", async () => {
    const first = new MetricsHarness({ declaredVariant: "blue" });
    const second = new MetricsHarness({ declaredVariant: "green" }, first.registry);
    await first.run("timeout");
    await second.run("timeout");
    const scrape = await first.scrape();
    expect(scrape.value(REQUESTS, { variant: "blue", outcome: "timeout" })).toBe(1);
    expect(scrape.value(REQUESTS, { variant: "green", outcome: "timeout" })).toBe(1);
  });

  it.each([
    ["buckets", { buckets: [0.1, 1] }, "metrics.buckets must be the same for all clients on one registry"],
    ["buckets", { buckets: "llm" }, /it has 0\.001,.*,70, got 0\.01,.*,81\.92/],
    [
      "variantHistograms",
      { variantHistograms: false },
      /metrics\.variantHistograms .* it has true, got false/,
    ],
    ["maxEndpoints", { maxEndpoints: 3 }, /metrics\.maxEndpoints .* it has 64, got 3/],
    ["maxVariants", { maxVariants: 3 }, /metrics\.maxVariants .* it has 16, got 3/],
  ] as const)("must agree on %s", (_, options, message) => {
    const registry = new Registry();
    recorderFor({ registry });
    expect(() => recorderFor({ registry, ...options })).toThrow(message);
    expect(() => recorderFor({ registry })).not.toThrow();
  });

  it("agree where one spells out what is the default of the other", () => {
    const registry = new Registry();
    recorderFor({ registry });
    expect(() => recorderFor({ registry, buckets: "latency", maxVariants: 16 })).not.toThrow();
  });

  it("are shown again by the next client after the registry was cleared", async () => {
    const metrics = new MetricsHarness();
    await metrics.run("ok");
    metrics.registry.clear();
    expect((await metrics.scrape()).series).toEqual([]);
    recorderFor({ registry: metrics.registry });
    expect((await metrics.scrape()).value(REQUESTS, { outcome: "ok" })).toBe(1);
  });
});

describe("one client on two registries", () => {
  const registries = () => ({ text: new Registry(), openMetrics: openMetricsRegistry() });

  it("is counted once and shown in both, in the format of each", async () => {
    const { text, openMetrics } = registries();
    const metrics = new MetricsHarness({ registry: [text, openMetrics] });
    await metrics.run("ok", { variant: "blue" });
    for (let round = 0; round < 2; round++) {
      for (const registry of [text, openMetrics]) {
        const scrape = parseExposition(await registry.metrics());
        expect(scrape.value(REQUESTS, { variant: "blue", outcome: "ok" })).toBe(1);
        const type = registry === text ? REQUESTS : "sagemaker_client_requests";
        expect(scrape.types.get(type)).toBe("counter");
      }
    }
  });

  it("cannot join registries that count different clients", () => {
    const { text, openMetrics } = registries();
    recorderFor({ registry: text });
    recorderFor({ registry: openMetrics });
    expect(() => recorderFor({ registry: [text, openMetrics] })).toThrow(
      /^metrics\.registry: these registries/,
    );
  });
});

describe("metrics options", () => {
  const registry = new Registry();

  it.each([
    [{ registry: {} }, TypeError, "metrics.registry must be a prom-client Registry, got an object (Object)"],
    [new Registry(), TypeError, "metrics must be { registry }, got the registry itself"],
    [{ registry: undefined }, TypeError, "metrics.registry must be a prom-client Registry, got undefined"],
    [{ registry: [registry, "x"] }, TypeError, 'metrics.registry must be a prom-client Registry, got "x"'],
    [{ registry: [] }, TypeError, "metrics.registry must hold at least one registry"],
    [{ registry, variantHistogram: false }, TypeError, /^metrics\.variantHistogram is not an option/],
    [
      { registry, variantHistograms: 1 },
      RangeError,
      "metrics.variantHistograms must be true or false, got 1",
    ],
    [{ registry, declaredVariant: "a b" }, RangeError, /^metrics\.declaredVariant must be .* got "a b"$/],
    [{ registry, maxEndpoints: 0 }, RangeError, /^metrics\.maxEndpoints must be .* got 0$/],
    [{ registry, maxVariants: 1.5 }, RangeError, /^metrics\.maxVariants must be .* got 1.5$/],
    [{ registry, buckets: "slow" }, RangeError, /^metrics\.buckets must be .* got "slow"$/],
  ])("refuse %j", (options, type, message) => {
    const resolve = () => recorderFor(options as never);
    expect(resolve).toThrow(type);
    expect(resolve).toThrow(message);
  });

  it("leave a registry as it was when one is refused", async () => {
    const untouched = new Registry();
    expect(() => recorderFor({ registry: untouched, maxVariants: 0 })).toThrow();
    expect(await untouched.metrics()).toBe("\n");
  });

  it("may name a registry twice", () => {
    const twice = new Registry();
    expect(() => recorderFor({ registry: [twice, twice] })).not.toThrow();
  });

  it("say which name a registry holds already, and leave nothing in it or in another", async () => {
    const taken = new Registry();
    new Counter({ name: ATTEMPTS, help: "of another copy", registers: [taken] });
    const free = new Registry();
    for (let round = 0; round < 2; round++) {
      expect(() => recorderFor({ registry: [free, taken], maxVariants: 3 })).toThrow(
        /^metrics\.registry cannot take sagemaker_client_attempts_total: another copy/,
      );
      expect(free.getMetricsAsArray()).toEqual([]);
      expect(taken.getMetricsAsArray()).toHaveLength(1);
    }
    taken.clear();
    expect(() => recorderFor({ registry: [free, taken] })).not.toThrow();
  });

  it("say which name a registry refused that cannot be asked", () => {
    const registry = {
      registerMetric({ name }: { name: string }) {
        if (name === ATTEMPTS) throw new Error("already registered");
      },
    };
    expect(() => recorderFor({ registry })).toThrow(
      /^metrics\.registry cannot take sagemaker_client_attempts_total/,
    );
  });
});
