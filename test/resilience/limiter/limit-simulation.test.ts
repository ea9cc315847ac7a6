import { describe, expect, it } from "vitest";
import type { Clock } from "../../../lib/clock.ts";
import type { Limit } from "../../../lib/resilience/limiter/limit.ts";
import { resolveLimiter } from "../../../lib/resilience/limiter/limiter-settings.ts";
import type { LimitAlgorithm } from "../../../lib/resilience/limiter/options.ts";
import { LimitSimulation } from "../../support/limit-simulation.ts";

const limitOf =
  (algorithm: LimitAlgorithm) =>
  (clock: Clock): Limit =>
    resolveLimiter({ algorithm }, clock).createLimit();

const SECOND = 1_000;

describe.each(["gradient", "aimd", "vegas"] as const)(
  "a simulated target under the %s limit",
  (algorithm) => {
    it("that is well answers 3 000 calls per second, and not one is held back", () => {
      const simulation = new LimitSimulation(limitOf(algorithm), {
        target: { workers: 400, serviceMs: 50 },
        ratePerSecond: 3_000,
      });
      simulation.run(60 * SECOND);
      expect(simulation.turnedAway).toBe(0);
      expect(simulation.answered).toBeGreaterThan(170_000);
    });

    it("that answers seldom and unevenly keeps its room for a burst", () => {
      const simulation = new LimitSimulation(limitOf(algorithm), {
        target: { workers: 10, serviceMs: 500 },
        ratePerSecond: 3,
      });
      simulation.run(300 * SECOND);
      expect(simulation.turnedAway).toBe(0);
      expect(simulation.limit.value).toBeGreaterThan(100);
    });

    it("that refuses what is too much works at its capacity, and refuses little", () => {
      const simulation = new LimitSimulation(limitOf(algorithm), {
        target: { workers: 20, serviceMs: 100, maxQueue: 10 },
        ratePerSecond: 400,
      });
      simulation.run(30 * SECOND);
      simulation.run(30 * SECOND);
      expect(simulation.answered).toBeGreaterThan(0.9 * 30 * 200);
      expect(simulation.limit.value).toBeLessThan(45);
    });

    it("that loses three quarters of its capacity is back within 10 s of getting it again", () => {
      const simulation = new LimitSimulation(limitOf(algorithm), {
        target: { workers: 40, serviceMs: 500 },
        ratePerSecond: 56,
        timeoutMs: 5 * SECOND,
      });
      simulation.run(30 * SECOND);
      simulation.target.workers = 10;
      simulation.run(20 * SECOND);
      simulation.target.workers = 40;
      simulation.run(10 * SECOND);
      simulation.run(30 * SECOND);
      expect(simulation.answered).toBeGreaterThan(0.97 * 30 * 56);
      expect(simulation.timedOut).toBe(0);
    });
  },
);

describe("the aimd limit", () => {
  it("has made room within 15 s for answers that take their time, as long texts do", () => {
    const simulation = new LimitSimulation(limitOf("aimd"), {
      target: { workers: 2_000, serviceMs: 12_000 },
      ratePerSecond: 60,
    });
    simulation.run(15 * SECOND);
    simulation.run(60 * SECOND);
    expect(simulation.turnedAway).toBe(0);
  });
});

describe("the gradient limit", () => {
  it("answers a cut of capacity before anything times out", () => {
    const simulation = new LimitSimulation(limitOf("gradient"), {
      target: { workers: 40, serviceMs: 500 },
      ratePerSecond: 56,
      timeoutMs: 5 * SECOND,
    });
    simulation.run(30 * SECOND);
    simulation.target.workers = 10;
    simulation.run(20 * SECOND);
    expect(simulation.timedOut).toBe(0);
    expect(simulation.answered).toBeGreaterThan(0.9 * 20 * 20);
  });

  it("takes a model that is slower by itself for what it is: within 15 s nobody is held back", () => {
    const simulation = new LimitSimulation(limitOf("gradient"), {
      target: { workers: 1_000, serviceMs: 100 },
      ratePerSecond: 500,
    });
    simulation.run(20 * SECOND);
    simulation.target.serviceMs = 400;
    simulation.run(15 * SECOND);
    simulation.run(30 * SECOND);
    expect(simulation.turnedAway).toBe(0);
  });

  it("holds nobody back 10 s after a model became ten times slower by itself", () => {
    const simulation = new LimitSimulation(limitOf("gradient"), {
      target: { workers: 1_000, serviceMs: 100 },
      ratePerSecond: 100,
    });
    simulation.run(20 * SECOND);
    simulation.target.serviceMs = 1_000;
    simulation.run(10 * SECOND);
    simulation.run(30 * SECOND);
    expect(simulation.turnedAway).toBe(0);
  });

  it("protects the target again when it has become fast again and then slow from load", () => {
    const simulation = new LimitSimulation(limitOf("gradient"), {
      target: { workers: 40, serviceMs: 400 },
      ratePerSecond: 60,
    });
    simulation.run(20 * SECOND);
    simulation.target.serviceMs = 100;
    simulation.run(20 * SECOND);
    simulation.ratePerSecond = 800;
    simulation.run(20 * SECOND);
    expect(simulation.inFlight).toBeLessThan(160);
  });
});
