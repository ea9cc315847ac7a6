import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Attempt, AttemptKind } from "../../lib/attempt.ts";
import type { Call } from "../../lib/call.ts";
import { METRICS } from "../../lib/metrics/catalogue.ts";
import { OUTCOMES, type Outcome } from "../../lib/outcome.ts";
import type { AttemptEnd } from "../support/metrics-harness.ts";
import { MetricsHarness } from "../support/metrics-harness.ts";

const MAX_ENDPOINTS = 3;
const MAX_VARIANTS = 2;

const endpointName = fc.oneof(
  fc.constantFrom("a", "b", "c", "d", "e"),
  fc.string(),
  fc.constant("x".repeat(80)),
);
const variantName = fc.oneof(fc.constantFrom("blue", "green", "red", "_none"), fc.string({ unit: "binary" }));
const attemptEnd: fc.Arbitrary<AttemptEnd> = fc.oneof(
  fc.record({ variant: variantName }),
  fc.record({ sent: fc.boolean() }),
);

/** An event; where it needs something in flight, `pick` says which of what there is. */
type Event =
  | { readonly type: "callStarts"; readonly endpoint: string; readonly variant: string | undefined }
  | { readonly type: "attemptStarts"; readonly kind: AttemptKind; readonly pick: number }
  | {
      readonly type: "attemptEnds";
      readonly outcome: Outcome;
      readonly end: AttemptEnd;
      readonly pick: number;
    }
  | { readonly type: "callEnds"; readonly outcome: Outcome; readonly pick: number }
  | { readonly type: "endpointRemoved"; readonly endpoint: string };

const pick = fc.nat();
const outcome = fc.constantFrom(...OUTCOMES);
const lasting = fc.oneof(
  fc.record({
    type: fc.constant("callStarts" as const),
    endpoint: endpointName,
    variant: fc.option(variantName, { nil: undefined }),
  }),
  fc.record({
    type: fc.constant("attemptStarts" as const),
    kind: fc.constantFrom("first" as const, "retry" as const, "hedge" as const),
    pick,
  }),
  fc.record({ type: fc.constant("attemptEnds" as const), outcome, end: attemptEnd, pick }),
  fc.record({ type: fc.constant("callEnds" as const), outcome, pick }),
);
const removal = fc.record({ type: fc.constant("endpointRemoved" as const), endpoint: endpointName });

/** Plays events and keeps its own count of what happened. */
class World {
  readonly metrics = new MetricsHarness({ maxEndpoints: MAX_ENDPOINTS, maxVariants: MAX_VARIANTS });
  readonly calls: Call[] = [];
  readonly attempts: Attempt[] = [];
  callsEnded = 0;
  attemptsEnded = 0;

  play(event: Event): void {
    switch (event.type) {
      case "callStarts":
        this.calls.push(
          this.metrics.startCall({ EndpointName: event.endpoint, TargetVariant: event.variant }),
        );
        return;
      case "attemptStarts": {
        const call = this.calls[event.pick % this.calls.length];
        if (call !== undefined) this.attempts.push(this.metrics.startAttempt(call, event.kind));
        return;
      }
      case "attemptEnds":
        this.#endAttempt(event.pick, event.outcome, event.end);
        return;
      case "callEnds":
        this.#endCall(event.pick, event.outcome);
        return;
      case "endpointRemoved":
        this.metrics.recorder.removeEndpoint(event.endpoint);
    }
  }

  endEverything(): void {
    while (this.calls.length > 0) this.#endCall(0, "ok");
    while (this.attempts.length > 0) this.#endAttempt(0, "cancelled", {});
  }

  #endAttempt(picked: number, how: Outcome, end: AttemptEnd): void {
    const [attempt] = this.attempts.splice(picked % this.attempts.length, 1);
    if (attempt === undefined) return;
    this.metrics.endAttempt(attempt, how, end);
    this.attemptsEnded++;
  }

  #endCall(picked: number, how: Outcome): void {
    const [call] = this.calls.splice(picked % this.calls.length, 1);
    if (call === undefined) return;
    this.metrics.recorder.callEnded(call, how, call.attempts.at(-1));
    this.callsEnded++;
  }
}

const IN_FLIGHT = [METRICS.requestsInFlight.name, METRICS.attemptsInFlight.name];

describe("for any sequence of events", () => {
  it("every call and every attempt is in exactly one series", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lasting, { maxLength: 80 }), async (events) => {
        const world = new World();
        for (const event of events) world.play(event);
        const scrape = await world.metrics.scrape();
        expect(scrape.sum(METRICS.requests.name)).toBe(world.callsEnded);
        expect(scrape.sum(METRICS.attempts.name)).toBe(world.attemptsEnded);
        expect(scrape.sum(METRICS.requestsInFlight.name)).toBe(world.calls.length);
        expect(scrape.sum(METRICS.attemptsInFlight.name)).toBe(world.attempts.length);
        const cancelled = scrape.sum(METRICS.requests.name, { outcome: "cancelled" });
        expect(scrape.sum(`${METRICS.requestDuration.name}_count`)).toBe(world.callsEnded - cancelled);
      }),
    );
  });

  it("label values stay within their limits and their alphabet", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lasting, { maxLength: 80 }), async (events) => {
        const world = new World();
        for (const event of events) world.play(event);
        const scrape = await world.metrics.scrape();
        const endpoints = scrape.labelValues(METRICS.requests.name, "endpoint");
        expect(endpoints.size).toBeLessThanOrEqual(MAX_ENDPOINTS + 1);
        for (const metric of [METRICS.requests.name, METRICS.attempts.name]) {
          for (const endpoint of endpoints) {
            const series = scrape.all(metric, { endpoint: endpoint as string });
            const variants = new Set(series.map(({ labels }) => labels.variant as string));
            expect(variants.size).toBeLessThanOrEqual(MAX_VARIANTS + 3);
            for (const name of [endpoint as string, ...variants]) {
              expect(name).toMatch(/^(?:[a-zA-Z0-9-]{1,63}|_other|_unknown|_none)$/);
            }
          }
        }
      }),
    );
  });

  it("nothing stays in flight and no gauge goes below zero, even if endpoints are removed meanwhile", async () => {
    const events = fc.array(fc.oneof({ weight: 5, arbitrary: lasting }, { weight: 1, arbitrary: removal }), {
      maxLength: 120,
    });
    await fc.assert(
      fc.asyncProperty(events, async (played) => {
        const world = new World();
        for (const event of played) {
          world.play(event);
          const scrape = await world.metrics.scrape();
          for (const name of IN_FLIGHT)
            for (const { value } of scrape.all(name)) expect(value).toBeGreaterThanOrEqual(0);
        }
        world.endEverything();
        const scrape = await world.metrics.scrape();
        for (const name of IN_FLIGHT) expect(scrape.sum(name)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});
