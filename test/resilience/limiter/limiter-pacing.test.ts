import { describe, expect, it } from "vitest";
import { ConcurrencyLimiter } from "../../../lib/resilience/limiter/concurrency-limiter.ts";
import type { EndSign } from "../../../lib/resilience/limiter/limit.ts";
import { resolveLimiter } from "../../../lib/resilience/limiter/limiter-settings.ts";
import type { ConcurrencyLimitOptions } from "../../../lib/resilience/limiter/options.ts";
import { NO_PERMIT } from "../../../lib/resilience/limiter/permit.ts";
import { targetOf } from "../../../lib/target.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const ADAPTIVE = { algorithm: "aimd", initial: 4, queueTimeoutMs: 5_000 } as const;

/** A limiter of 4 permits on a clock that does not begin at 0. */
function testLimiter(options: ConcurrencyLimitOptions = ADAPTIVE) {
  const clock = new FakeClock();
  clock.skip(7_000);
  const limiter = new ConcurrencyLimiter(targetOf({ EndpointName: "churn" }), resolveLimiter(options, clock));
  const retune = (changed: ConcurrencyLimitOptions) => limiter.retune(resolveLimiter(changed, clock));
  /** Permits that are held, the oldest first. */
  const held: number[] = [];
  const end = (sign: EndSign | undefined, since = clock.now()) =>
    limiter.release(held.shift()!, undefined, since, sign, clock.now() - since);
  const isRefused = () => {
    const permit = limiter.tryAcquire(undefined);
    if (permit !== NO_PERMIT) held.push(permit);
    return permit === NO_PERMIT;
  };
  /** Names of those who got a permit, in that order. */
  const served: string[] = [];
  const wait = (name: string) => {
    const waiter = limiter.enqueue("standard", undefined)!;
    void waiter.end.then((waited) => {
      if (typeof waited !== "number") return;
      held.push(waited);
      served.push(name);
    });
    return waiter;
  };
  const silence = () => {
    for (let attempt = 0; attempt < 2; attempt++) expect(isRefused()).toBe(false);
    for (let attempt = 0; attempt < 2; attempt++) end("silent");
  };
  return { limiter, clock, retune, end, isRefused, served, wait, silence };
}

/** Its target has answered nothing of late. */
function silenced() {
  const test = testLimiter();
  test.silence();
  return test;
}

describe("a limiter whose target answers nothing", () => {
  it("tells who is refused to come again when the pause is over, not before", async () => {
    const { limiter, clock } = silenced();
    expect(limiter.retryAfterMs()).toBe(1_000);
    await clock.advance(400);
    expect(limiter.retryAfterMs()).toBe(600);
    await clock.advance(600);
    expect(limiter.retryAfterMs()).toBeLessThan(600);
  });

  it("is overloaded with nothing in flight, says for how long, and lets one start after a second", async () => {
    const { limiter, clock, isRefused } = silenced();
    expect([limiter.inFlight, limiter.isOverloaded, limiter.pacingForMs]).toEqual([0, true, 0]);
    await clock.advance(999);
    expect([limiter.pacingForMs, isRefused()]).toEqual([999, true]);
    await clock.advance(1);
    expect([isRefused(), isRefused()]).toEqual([false, true]);
  });

  it("is one like any other before that, and with a fixed limit", () => {
    const before = testLimiter();
    expect([before.limiter.isOverloaded, before.limiter.pacingForMs]).toEqual([false, undefined]);
    const fixed = testLimiter({ ...ADAPTIVE, algorithm: "fixed" });
    fixed.silence();
    expect([fixed.limiter.isOverloaded, fixed.limiter.pacingForMs]).toEqual([false, undefined]);
  });

  it("serves who waits at the end of each pause, for which there is one timer while somebody waits", async () => {
    const { clock, end, served, wait } = silenced();
    expect(clock.pendingTimers).toBe(0);
    wait("a");
    await clock.advance(200);
    wait("b");
    await clock.advance(799);
    expect(served).toEqual([]);
    await clock.advance(1);
    expect(served).toHaveLength(1);
    end("silent", clock.now() - 1);
    await clock.advance(1_999);
    expect(served).toHaveLength(1);
    await clock.advance(1);
    expect(served).toHaveLength(2);
    end("silent", clock.now() - 1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("serves the newest first from a tenth of the queue's time limit on, however few wait", async () => {
    const { clock, served, wait } = silenced();
    wait("a");
    wait("b");
    await clock.advance(1_000);
    expect(served).toEqual(["b"]);
  });

  it("lets go of its timer when the last one who waits goes, and not before", async () => {
    const { clock, served, wait } = silenced();
    const [first] = [wait("a"), wait("b")];
    first.cancel();
    await clock.advance(1_000);
    expect(served).toEqual(["b"]);
    const alone = silenced();
    alone.wait("a").cancel();
    expect(alone.clock.pendingTimers).toBe(0);
  });

  it("goes on as before with the first answer, unless somebody waits: then one more may be in flight", async () => {
    const quiet = silenced();
    await quiet.clock.advance(1_000);
    expect(quiet.isRefused()).toBe(false);
    quiet.end("answered");
    expect(quiet.limiter.pacingForMs).toBeUndefined();

    const { limiter, clock, end, served, wait } = silenced();
    for (const name of ["a", "b", "c", "d"]) wait(name);
    await clock.advance(1_000);
    expect(served).toHaveLength(1);
    await clock.advance(10);
    end("answered", clock.now() - 10);
    await clock.advance(0);
    expect([served.length, limiter.inFlight, limiter.pacingForMs]).toEqual([3, 2, 1_010]);
  });

  it("counts who got a permit a moment before that as one of before, whenever it comes to know", async () => {
    const { limiter, clock, end, isRefused, served, wait } = testLimiter();
    for (let attempt = 0; attempt < 4; attempt++) isRefused();
    wait("a");
    end("silent");
    end("silent");
    expect(limiter.pacingForMs).toBe(0);
    await clock.advance(1_000);
    expect(served).toEqual(["a"]);
    for (let attempt = 0; attempt < 3; attempt++) end("silent");
    expect([isRefused(), isRefused(), limiter.inFlight]).toEqual([false, true, 1]);
  });

  it("keeps its pace when it is tuned, and those who wait their turn", async () => {
    const { limiter, clock, retune, served, wait } = silenced();
    wait("a");
    await clock.advance(500);
    retune({ ...ADAPTIVE, max: 80 });
    expect([limiter.pacingForMs, served]).toEqual([500, []]);
    await clock.advance(500);
    expect(served).toEqual(["a"]);
  });

  it("has none any more as a fixed one, and serves who waits", async () => {
    const { limiter, clock, retune, served, wait } = silenced();
    wait("a");
    retune({ ...ADAPTIVE, algorithm: "fixed" });
    await clock.advance(0);
    expect([served, limiter.pacingForMs, clock.pendingTimers]).toEqual([["a"], undefined, 0]);
  });

  it("serves who waits when a fixed limit is raised", async () => {
    const { limiter, retune, isRefused, clock, served, wait } = testLimiter({
      ...ADAPTIVE,
      algorithm: "fixed",
    });
    for (let held = 0; held < 4; held++) expect(isRefused()).toBe(false);
    for (const name of ["a", "b", "c"]) wait(name);
    retune({ ...ADAPTIVE, algorithm: "fixed", initial: 6 });
    await clock.advance(0);
    expect([limiter.limit, limiter.inFlight, served]).toEqual([6, 6, ["a", "b"]]);
  });

  it("finds a pace as an adaptive one that was a fixed one before", () => {
    const { limiter, retune, silence } = testLimiter({ ...ADAPTIVE, algorithm: "fixed" });
    retune(ADAPTIVE);
    silence();
    expect(limiter.pacingForMs).toBe(0);
  });
});

describe("an adaptive limit", () => {
  it.each([
    ["grows with answers", "answered", 12],
    ["is cut by refusals", "overloaded", 5],
    ["is cut by timeouts", "silent", 5],
    ["learns nothing of attempts that were cancelled", undefined, 10],
  ] as const)("%s", async (_, sign, limit) => {
    const { limiter, clock, isRefused } = testLimiter({ ...ADAPTIVE, initial: 10 });
    for (let held = 0; held < 10; held++) expect(isRefused()).toBe(false);
    await clock.advance(500);
    for (let held = 10; held > 0; held--) limiter.release(held, undefined, clock.now() - 50, sign, 50);
    expect(limiter.limit).toBe(limit);
  });
});

describe("a stream that begins", () => {
  async function streams(sign: EndSign | undefined) {
    const { limiter, clock } = testLimiter({ ...ADAPTIVE, initial: 10 });
    let permits = Array.from({ length: 10 }, () => limiter.tryAcquire(undefined));
    await clock.advance(500);
    permits = permits.map((permit) => limiter.answered(permit, clock.now() - 50, 50));
    const atHeads = limiter.limit;
    await clock.advance(500);
    for (const permit of permits) limiter.release(permit, undefined, clock.now() - 550, sign, 50);
    return { atHeads, atEnds: limiter.limit, inFlight: limiter.inFlight };
  }

  it("teaches the limit by its head, and nothing more by a good end", async () => {
    expect(await streams("answered")).toEqual({ atHeads: 12, atEnds: 12, inFlight: 0 });
  });

  it("is overload all the same where the target then says so", async () => {
    expect(await streams("overloaded")).toMatchObject({ atHeads: 12, atEnds: 5 });
  });
});
