import { describe, expect, it } from "vitest";
import { EndpointState } from "../../lib/resilience/endpoint-state.ts";
import { FakeClock } from "../support/fake-clock.ts";

describe("what is known of an endpoint", () => {
  it("is its fastest answer of late: less time than that is not enough for an attempt", async () => {
    const clock = new FakeClock();
    const endpoint = new EndpointState(undefined, clock);
    expect(endpoint.fastestAnswerMs()).toBe(0);
    endpoint.succeeded(80);
    endpoint.succeeded(40);
    endpoint.succeeded(90);
    expect(endpoint.fastestAnswerMs()).toBe(40);
    await clock.advance(30_000);
    endpoint.succeeded(70);
    expect(endpoint.fastestAnswerMs()).toBe(40);
    await clock.advance(30_000);
    expect(endpoint.fastestAnswerMs()).toBe(70);
    await clock.advance(300_000);
    expect(endpoint.fastestAnswerMs()).toBe(0);
  });
});
