import { describe, expect, it } from "vitest";
import { EndpointState } from "../../lib/resilience/endpoint-state.ts";
import { resolveBudget } from "../../lib/resilience/retry-budget.ts";
import { FakeClock } from "../support/fake-clock.ts";

describe("what is known of an endpoint", () => {
  it("is its fastest answer of late: less time than that is not enough for an attempt", async () => {
    const clock = new FakeClock();
    const endpoint = new EndpointState(undefined, clock);
    expect(endpoint.fastestAnswerMs()).toBe(0);
    endpoint.succeeded(80, clock.now());
    endpoint.succeeded(40, clock.now());
    endpoint.succeeded(90, clock.now());
    expect(endpoint.fastestAnswerMs()).toBe(40);
    await clock.advance(30_000);
    endpoint.succeeded(70, clock.now());
    expect(endpoint.fastestAnswerMs()).toBe(40);
    await clock.advance(30_000);
    expect(endpoint.fastestAnswerMs()).toBe(70);
    await clock.advance(300_000);
    expect(endpoint.fastestAnswerMs()).toBe(0);
  });

  it("remembers the fastest answer to the end of the second half minute, and no longer", () => {
    const clock = new FakeClock();
    const endpoint = new EndpointState(undefined, clock);
    endpoint.succeeded(40, clock.now());
    clock.skip(59_999);
    expect(endpoint.fastestAnswerMs()).toBe(40);
    clock.skip(1);
    expect(endpoint.fastestAnswerMs()).toBe(0);
    endpoint.succeeded(40, clock.now());
    clock.skip(60_000);
    expect(endpoint.fastestAnswerMs()).toBe(0);
  });

  it("forgets by half minutes from its start, whenever it is looked at", () => {
    const clock = new FakeClock();
    clock.skip(7_000);
    const endpoint = new EndpointState(undefined, clock);
    endpoint.succeeded(40, clock.now());
    clock.skip(45_000);
    endpoint.succeeded(70, clock.now());
    clock.skip(15_000);
    expect(endpoint.fastestAnswerMs()).toBe(70);
    clock.skip(29_999);
    expect(endpoint.fastestAnswerMs()).toBe(70);
    clock.skip(1);
    expect(endpoint.fastestAnswerMs()).toBe(0);
  });
});

describe("the budget of an endpoint", () => {
  const onlySuccesses = resolveBudget({ ratio: 1, minPerSecond: 0 });
  const oneOrTwo = resolveBudget({ ratio: 0, minPerSecond: 0.2 });

  it("is filled by what succeeds", () => {
    const clock = new FakeClock();
    const endpoint = new EndpointState(onlySuccesses, clock);
    expect(endpoint.budget?.tryTake()).toBe(false);
    endpoint.succeeded(5, clock.now());
    expect(endpoint.budget?.tryTake()).toBe(true);
  });

  it("is none where none is asked for, which successes do not change", () => {
    const clock = new FakeClock();
    const endpoint = new EndpointState(undefined, clock);
    endpoint.succeeded(5, clock.now());
    expect(endpoint.budget).toBeUndefined();
  });

  it("goes over to other settings with what it has spent", () => {
    const endpoint = new EndpointState(oneOrTwo, new FakeClock());
    const { budget } = endpoint;
    expect(budget?.tryTake()).toBe(true);
    endpoint.retune(resolveBudget({ ratio: 0, minPerSecond: 0.1 }));
    expect(endpoint.budget).toBe(budget);
    expect(budget?.tryTake()).toBe(false);
  });

  it("may be taken away, and given back full", () => {
    const endpoint = new EndpointState(oneOrTwo, new FakeClock());
    while (endpoint.budget?.tryTake() === true);
    endpoint.retune(undefined);
    expect(endpoint.budget).toBeUndefined();
    endpoint.retune(oneOrTwo);
    expect(endpoint.budget?.available()).toBe(2);
  });
});
