import { describe, expect, it } from "vitest";
import { testBreaker } from "../support/breakers.ts";
import { MetricsHarness } from "../support/metrics-harness.ts";

const STATE = "sagemaker_client_breaker_state";
const TRANSITIONS = "sagemaker_client_breaker_transitions_total";

describe("breaker metrics", () => {
  it("show the state of a breaker as it is at the scrape", async () => {
    const metrics = new MetricsHarness();
    const { breaker, trip, clock } = testBreaker();
    metrics.recorder.breakerCreated(breaker);
    const state = async () => {
      const open = (await metrics.scrape())
        .all(STATE, { variant: "_any" })
        .filter(({ value }) => value === 1);
      return open.map(({ labels }) => labels.state);
    };
    expect(await state()).toEqual(["closed"]);
    trip();
    expect(await state()).toEqual(["open"]);
    await clock.advance(60_000);
    breaker.admit();
    expect(await state()).toEqual(["half_open"]);
    breaker.isolate();
    expect(await state()).toEqual(["isolated"]);
  });

  it("add up the breakers of one endpoint and variant", async () => {
    const metrics = new MetricsHarness();
    const models = ["a", "b", "c"].map((TargetModel) =>
      testBreaker({}, { EndpointName: "churn", TargetModel }),
    );
    const blue = testBreaker({}, { EndpointName: "churn", TargetVariant: "blue" });
    for (const { breaker } of [...models, blue]) metrics.recorder.breakerCreated(breaker);
    models[0]?.trip();
    const scrape = await metrics.scrape();
    expect(scrape.value(STATE, { variant: "_any", state: "open" })).toBe(1);
    expect(scrape.value(STATE, { variant: "_any", state: "closed" })).toBe(2);
    expect(scrape.value(STATE, { variant: "blue", state: "closed" })).toBe(1);
    expect(scrape.value(TRANSITIONS, { variant: "_any", to: "open" })).toBe(1);
  });

  it("have a series for each state from the start", async () => {
    const metrics = new MetricsHarness();
    metrics.recorder.breakerCreated(testBreaker().breaker);
    const scrape = await metrics.scrape();
    const states = ["closed", "open", "half_open", "recovering", "isolated"];
    expect([...scrape.labelValues(STATE, "state")]).toEqual(states);
    expect([...scrape.labelValues(TRANSITIONS, "to")]).toEqual(states);
    expect(scrape.sum(TRANSITIONS)).toBe(0);
  });

  it("keep the transitions of a breaker that was removed, but not its state", async () => {
    const metrics = new MetricsHarness();
    const { breaker, trip } = testBreaker();
    metrics.recorder.breakerCreated(breaker);
    trip();
    metrics.recorder.breakerRemoved(breaker);
    breaker.reset();
    let scrape = await metrics.scrape();
    expect(scrape.value(TRANSITIONS, { to: "open" })).toBe(1);
    expect(scrape.value(TRANSITIONS, { to: "closed" })).toBe(0);
    expect(scrape.sum(STATE)).toBe(0);

    const successor = testBreaker();
    metrics.recorder.breakerCreated(successor.breaker);
    successor.trip();
    scrape = await metrics.scrape();
    expect(scrape.value(TRANSITIONS, { to: "open" })).toBe(2);
  });

  it("count a breaker once, however often it is announced or removed", async () => {
    const metrics = new MetricsHarness();
    const { breaker, trip } = testBreaker();
    metrics.recorder.breakerCreated(breaker);
    trip();
    metrics.recorder.breakerCreated(breaker);
    expect((await metrics.scrape()).value(TRANSITIONS, { to: "open" })).toBe(1);
    metrics.recorder.breakerRemoved(breaker);
    metrics.recorder.breakerRemoved(breaker);
    expect((await metrics.scrape()).value(TRANSITIONS, { to: "open" })).toBe(1);
  });

  it("count transitions from zero again after a reset, which leaves the states", async () => {
    const metrics = new MetricsHarness();
    const [gone, alive] = [testBreaker(), testBreaker()];
    for (const { breaker, trip } of [gone, alive]) {
      metrics.recorder.breakerCreated(breaker);
      trip();
    }
    metrics.recorder.breakerRemoved(gone.breaker);
    metrics.registry.resetMetrics();
    let scrape = await metrics.scrape();
    expect(scrape.sum(TRANSITIONS)).toBe(0);
    expect(scrape.value(STATE, { state: "open" })).toBe(1);
    alive.breaker.reset();
    scrape = await metrics.scrape();
    expect(scrape.sum(TRANSITIONS)).toBe(1);
  });

  it("stay bounded under hostile endpoint names", async () => {
    const metrics = new MetricsHarness({ maxEndpoints: 2 });
    for (let i = 0; i < 50; i++)
      metrics.recorder.breakerCreated(testBreaker({}, { EndpointName: `e-${i}` }).breaker);
    const scrape = await metrics.scrape();
    expect([...scrape.labelValues(STATE, "endpoint")]).toEqual(["e-0", "e-1", "_other"]);
    expect(scrape.value(STATE, { endpoint: "_other", state: "closed" })).toBe(48);
  });
});
