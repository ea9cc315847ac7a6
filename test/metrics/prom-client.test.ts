import { AggregatorRegistry, Counter, Registry } from "prom-client";
import { beforeEach, describe, expect, it } from "vitest";
import { METRICS } from "../../lib/metrics/catalogue.ts";
import { ConcurrencyLimiter } from "../../lib/resilience/limiter/concurrency-limiter.ts";
import { resolveLimiter } from "../../lib/resilience/limiter/limiter-settings.ts";
import { BreakerLog } from "../support/breaker-log.ts";
import { testBreaker } from "../support/breakers.ts";
import { parseExposition } from "../support/exposition.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { lookedAt, testView } from "../support/fleet-views.ts";
import { testLimiter } from "../support/limiters.ts";
import { MetricsHarness, openMetricsRegistry } from "../support/metrics-harness.ts";
import { splitOf } from "../support/splits.ts";

const REQUESTS = "sagemaker_client_requests_total";
const SECONDS = "sagemaker_client_request_duration_seconds";
const IN_FLIGHT = "sagemaker_client_requests_in_flight";
const TEXT = Registry.PROMETHEUS_CONTENT_TYPE;
const OPEN_METRICS = Registry.OPENMETRICS_CONTENT_TYPE;

let metrics: MetricsHarness;

beforeEach(async () => {
  metrics = new MetricsHarness();
  await metrics.run("ok", { variant: "blue" }, 10);
  await metrics.run("server_error", { variant: "blue" }, 400);
  await metrics.run("timeout");
  metrics.startCall();
});

describe("a prom-client registry", () => {
  it("writes every metric that has series as text, with its help and type", async () => {
    const text = await metrics.registry.metrics();
    const { types } = parseExposition(text);
    for (const { name, type, help } of Object.values(METRICS)) {
      expect(types.get(name)).toBe(type);
      expect(text).toContain(`# HELP ${name} ${help}\n`);
    }
  });

  it("writes labels in the order of the catalogue, and whole bounds with a fraction", async () => {
    const lines = (await metrics.registry.metrics()).split("\n");
    expect(lines).toContain(`${REQUESTS}{endpoint="churn",variant="blue",outcome="ok"} 1`);
    expect(lines).toContain(`${SECONDS}_bucket{le="1.0",endpoint="churn",variant="blue",status="error"} 1`);
    expect(lines).toContain(`${SECONDS}_bucket{le="0.25",endpoint="churn",variant="blue",status="error"} 0`);
    expect(lines).toContain(`${SECONDS}_bucket{le="+Inf",endpoint="churn",variant="blue",status="error"} 1`);
    expect(lines).toContain(`${SECONDS}_sum{endpoint="churn",variant="blue",status="error"} 0.4`);
  });

  it("writes the same in OpenMetrics, time after time", async () => {
    const registry = openMetricsRegistry();
    const other = new MetricsHarness({}, registry);
    await other.run("ok");
    const first = await registry.metrics();
    expect(await registry.metrics()).toBe(first);
    const scrape = parseExposition(first);
    expect(first.endsWith("# EOF\n")).toBe(true);
    expect(scrape.types.get("sagemaker_client_requests")).toBe("counter");
    expect(scrape.value(REQUESTS, { outcome: "ok" })).toBe(1);
    expect(first).not.toContain("_total_total");
  });

  it("writes the same text again after it was switched to OpenMetrics and back", async () => {
    const { registry } = metrics;
    const text = await registry.metrics();
    registry.setContentType(OPEN_METRICS);
    const openMetrics = await registry.metrics();
    registry.setContentType(TEXT);
    expect(await registry.metrics()).toBe(text);
    registry.setContentType(OPEN_METRICS);
    expect(await registry.metrics()).toBe(openMetrics);
  });

  it("writes a single metric by its name, in both formats", async () => {
    const { registry } = metrics;
    expect(await registry.getSingleMetricAsString(REQUESTS)).toContain(`\n${REQUESTS}{`);
    registry.setContentType(OPEN_METRICS);
    expect(await registry.getSingleMetricAsString(REQUESTS)).toContain(`\n${REQUESTS}{`);
  });

  it("adds its default labels to every series, as text and as JSON", async () => {
    metrics.registry.setDefaultLabels({ service: "shop" });
    for (let round = 0; round < 2; round++) {
      for (const { labels } of (await metrics.scrape()).series) expect(labels.service).toBe("shop");
    }
    const json = await metrics.registry.getMetricsAsJSON();
    for (const { values } of json)
      for (const { labels } of values) expect(labels).toMatchObject({ service: "shop" });
    metrics.registry.setDefaultLabels({});
    for (const { labels } of (await metrics.scrape()).series) expect(labels).not.toHaveProperty("service");
  });

  it("gives JSON that does not change when more is counted", async () => {
    const json = structuredClone(await metrics.registry.getMetricsAsJSON());
    const live = await metrics.registry.getMetricsAsJSON();
    await metrics.run("ok", { variant: "blue" }, 10);
    expect(live).toEqual(json);
  });

  it("shows our metrics beside those of the application", async () => {
    new Counter({ name: "app_orders_total", help: "Orders.", registers: [metrics.registry] }).inc();
    expect((await metrics.scrape()).value("app_orders_total")).toBe(1);
    const merged = Registry.merge([new Registry(), metrics.registry as Registry]);
    expect(
      parseExposition(await merged.metrics()).value(REQUESTS, { outcome: "timeout", variant: "_unknown" }),
    ).toBe(1);
  });
});

describe("resetting the metrics of a registry", () => {
  /** Metrics of the catalogue with a series that is not 0. */
  const nonZero = async () => {
    const { series } = await metrics.scrape();
    const isOf = (name: string) => series.some((one) => one.value !== 0 && one.name.startsWith(name));
    return Object.values(METRICS).flatMap(({ name }) => (isOf(name) ? [name] : []));
  };

  it("starts every count again from zero, and leaves what is true now", async () => {
    const { breaker, trip } = testBreaker();
    metrics.recorder.breakerCreated(breaker);
    trip();
    const call = metrics.startCall({ EndpointName: "no name" });
    call.deadlineAt = call.startedAt + 100;
    const attempt = metrics.startAttempt(call);
    metrics.recorder.retried(call, attempt, 50);
    metrics.recorder.retrySuppressed(call, "attempts");
    metrics.recorder.hedged(call, "won");
    metrics.recorder.hedgeSuppressed(call, "load");
    const log = new BreakerLog();
    log.entries.push("nonsense");
    const { view, clock } = testView(log);
    metrics.recorder.breakerStoreAdded(view);
    view.joined("churn", breaker);
    await clock.advance(0);
    const { limiter, hold, wait } = testLimiter(1, {}, { EndpointName: "no name" });
    metrics.recorder.limiterCreated(limiter);
    hold();
    wait();
    metrics.recorder.queued(call, 50);
    metrics.recorder.queueRejected(call, "full");
    metrics.recorder.splitBegan(splitOf({ churn: { blue: 1 } }));
    const splitCall = metrics.startCall();
    metrics.recorder.ejected(splitCall, "blue", true);
    metrics.recorder.ejected(splitCall, "blue", false);
    metrics.recorder.fellBack(call, "constant", "timeout", "ok");
    metrics.recorder.callEnded(call, "ok", attempt);
    const silenced = new ConcurrencyLimiter(limiter.target, resolveLimiter({}, new FakeClock()));
    metrics.recorder.limiterCreated(silenced);
    for (let timeout = 0; timeout < 2; timeout++) {
      silenced.release(silenced.tryAcquire(undefined), undefined, 0, "silent", 0);
    }
    expect(await nonZero()).toEqual(Object.values(METRICS).map(({ name }) => name));

    metrics.registry.resetMetrics();
    expect(await nonZero()).toEqual([
      IN_FLIGHT,
      METRICS.attemptsInFlight.name,
      METRICS.splitShare.name,
      METRICS.breakerState.name,
      METRICS.breakerStoreUp.name,
      METRICS.concurrencyLimit.name,
      METRICS.pacing.name,
      METRICS.queueDepth.name,
      METRICS.buildInfo.name,
    ]);
    await metrics.run("ok", { variant: "blue" }, 10);
    expect((await metrics.scrape()).value(REQUESTS, { variant: "blue", outcome: "ok" })).toBe(1);
  });
});

describe("the workers of a cluster", () => {
  const aggregate = async (...workers: MetricsHarness[]) => {
    const answers = await Promise.all(workers.map(({ registry }) => registry.getMetricsAsJSON()));
    // As sent between processes.
    const registry = AggregatorRegistry.aggregate(JSON.parse(JSON.stringify(answers)));
    return parseExposition(await registry.metrics());
  };

  it("add up", async () => {
    const other = new MetricsHarness();
    await other.run("ok", { variant: "blue" }, 10);
    await other.run("ok", { variant: "green" }, 10);
    const sum = await aggregate(metrics, other);
    expect(sum.value(REQUESTS, { variant: "blue", outcome: "ok" })).toBe(2);
    expect(sum.value(REQUESTS, { variant: "green", outcome: "ok" })).toBe(1);
    expect(sum.value(`${SECONDS}_count`, { variant: "blue", status: "ok" })).toBe(2);
    expect(sum.value(`${SECONDS}_bucket`, { variant: "blue", status: "ok", le: "1.0" })).toBe(2);
    expect(sum.value(IN_FLIGHT, { endpoint: "churn" })).toBe(1);
    expect(sum.value(METRICS.buildInfo.name)).toBe(1);
  });

  it("are as well as the worst of them, may do what all may, and split as they do on average", async () => {
    const workers = [new MetricsHarness(), new MetricsHarness(), new MetricsHarness()];
    for (const [index, { recorder }] of workers.entries()) {
      recorder.breakerStoreAdded((await lookedAt(index === 1 ? "down" : "up")).view);
      recorder.limiterCreated(testLimiter(4).limiter);
      recorder.splitBegan(splitOf({ churn: { blue: 1, green: index } }));
    }
    for (const worker of workers) worker.startCall();
    const all = await aggregate(...workers);
    expect(all.value(METRICS.breakerStoreUp.name)).toBe(0);
    expect(all.value(METRICS.concurrencyLimit.name)).toBe(12);
    expect(all.value(METRICS.splitShare.name, { variant: "blue" })).toBeCloseTo((1 + 1 / 2 + 1 / 3) / 3);
  });

  it("add up to the same names after one of them was scraped as OpenMetrics", async () => {
    const scraped = new MetricsHarness({}, openMetricsRegistry());
    await scraped.run("ok", { variant: "blue" }, 10);
    await scraped.registry.metrics();
    const sum = await aggregate(metrics, scraped);
    expect(sum.value(REQUESTS, { variant: "blue", outcome: "ok" })).toBe(2);
  });
});
