import { describe, expect, it } from "vitest";
import type { CallEnd } from "../../lib/load/call-end.ts";
import { type LoadResult, LoadTest, type LoadTestOptions } from "../../lib/load/load-test.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { endOf } from "../support/measurements.ts";

const SHAPE = { ratePerSecond: 100, rampMs: 0, warmUpMs: 0, durationMs: 10_000 };

const OK = endOf(20);

/** Runs a test on a clock that is moved by hand; `untilMs` is enough for every call to end. */
async function run(
  clock: FakeClock,
  options: Partial<LoadTestOptions>,
  untilMs = 100_000,
): Promise<LoadResult> {
  const test = new LoadTest({ shape: SHAPE, maxInFlight: 1_000, arms: [], clock, ...options });
  const running = test.run();
  await clock.advance(untilMs);
  return running;
}

/** A server that answers 20 ms after it was asked, and nobody between two moments. */
function stalling(clock: FakeClock, fromMs: number, toMs: number) {
  return () =>
    new Promise<CallEnd>((resolve) => {
      const isStalled = clock.now() >= fromMs && clock.now() < toMs;
      clock.setTimeout(resolve, (isStalled ? toMs - clock.now() : 0) + 20, OK);
    });
}

describe("a load test", () => {
  it("shows a server that stalls in the percentiles: calls stay due while it does", async () => {
    const clock = new FakeClock();
    const { arms } = await run(clock, { arms: [stalling(clock, 4_000, 5_000)] });
    const { latency, sent } = arms[0]!.total;
    expect([sent, latency.count, arms[0]!.peakInFlight]).toEqual([1_000, 1_000, 102]);
    // A tenth of all calls was due within the stall, and waited for up to all of it.
    expect(latency.quantileMs(0.89)).toBeCloseTo(20, 0);
    expect(latency.quantileMs(0.95)).toBeGreaterThan(500);
    expect(latency.maxMs).toBeCloseTo(1_020, 0);
  });

  it("counts what would exceed the calls in flight as not sent, and never makes up for it", async () => {
    const clock = new FakeClock();
    const { arms } = await run(clock, { arms: [stalling(clock, 4_000, 5_000)], maxInFlight: 10 });
    const { sent, notSent, ended } = arms[0]!.total;
    expect([sent + notSent, ended, arms[0]!.peakInFlight]).toEqual([1_000, sent, 10]);
    expect(notSent).toBeGreaterThanOrEqual(90);
    expect(notSent).toBeLessThanOrEqual(94);
  });

  it("measures from the moment a call was due, also where this process was late to start it", async () => {
    const clock = new FakeClock();
    // A timer that fires 7 ms late, as under load it may.
    const punctual = clock.setTimeout.bind(clock);
    clock.setTimeout = (callback, delayMs, arg) => punctual(callback, delayMs + 7, arg);
    const { arms } = await run(clock, { arms: [async () => OK] });
    const { latency, startedLate } = arms[0]!.total;
    expect(latency.maxMs).toBeCloseTo(7, 1);
    expect(startedLate.maxMs).toBeCloseTo(7, 1);
  });

  it("leaves ramp and warm-up out of all figures", async () => {
    const clock = new FakeClock();
    const shape = { ratePerSecond: 10, rampMs: 2_000, warmUpMs: 1_000, durationMs: 3_000 };
    let calls = 0;
    const slowAtFirst = async (): Promise<CallEnd> => (++calls <= 20 ? { ...OK, outcome: "timeout" } : OK);
    const { arms, unmeasured, due, scheduled } = await run(clock, { shape, arms: [slowAtFirst] });
    expect([unmeasured, due, scheduled]).toEqual([20, 50, 50]);
    expect([...arms[0]!.total.outcomes.keys()]).toEqual(["ok"]);
    expect([arms[0]!.total.sent, arms[0]!.total.elapsedMs]).toEqual([30, 3_000]);
  });

  it("stops when told to, waits for what is in flight, and counts the time that has passed", async () => {
    const clock = new FakeClock();
    const test = new LoadTest({ shape: SHAPE, maxInFlight: 10, arms: [stalling(clock, 0, 3_000)], clock });
    let result: LoadResult | undefined;
    void test.run().then((value) => {
      result = value;
    });
    await clock.advance(2_001);
    test.stop();
    await clock.advance(500);
    expect(result).toBeUndefined();
    await clock.advance(1_000);
    expect(result).toMatchObject({ due: 201, scheduled: 1_000 });
    expect(result?.arms[0]?.total).toMatchObject({ sent: 10, notSent: 191, ok: 10, elapsedMs: 2_001 });
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends at once when it is told not to wait, and heeds no end of the calls that it gave up", async () => {
    const clock = new FakeClock();
    const test = new LoadTest({
      shape: SHAPE,
      maxInFlight: 50,
      arms: [stalling(clock, 1_000, 3_000)],
      clock,
    });
    const running = test.run();
    await clock.advance(1_101);
    expect([test.inFlight, test.isStopping]).toEqual([11, false]);
    test.stop();
    test.abandon();
    const { arms, due } = await running;
    await clock.advance(5_000);
    expect([due, test.isStopping, clock.pendingTimers]).toEqual([111, true, 0]);
    expect(arms[0]!.total).toMatchObject({ sent: 111, ok: 100, ended: 100, elapsedMs: 1_101 });
  });

  it("gives two configurations the same number of calls, in alternation, the order reversed each round", async () => {
    const clock = new FakeClock();
    const order: string[] = [];
    const arm = (name: string) => async () => {
      if (order.at(-1) !== name) order.push(name);
      return OK;
    };
    const { arms } = await run(clock, { arms: [arm("A"), arm("B")] });
    // Neighbours of the same name are two slices: A B, B A, A B, B A, A B, B A.
    expect(order.join("")).toBe("ABABABA");
    const counts = arms.map(({ total, slices }) => [slices.length, total.sent, total.elapsedMs]);
    expect(counts[0]![0]).toBe(6);
    expect(counts[0]![1]! + counts[1]![1]!).toBe(1_000);
    expect(Math.abs(counts[0]![1]! - counts[1]![1]!)).toBeLessThanOrEqual(6);
    expect(counts.map(([, , elapsedMs]) => Math.round(elapsedMs!))).toEqual([5_000, 5_000]);
  });

  it("takes nothing from a configuration that answers for one whose calls hang", async () => {
    const clock = new FakeClock();
    const arms = [stalling(clock, 0, 50_000), stalling(clock, 0, 0)];
    const [hanging, healthy] = (await run(clock, { arms, maxInFlight: 10 })).arms;
    expect([hanging!.peakInFlight, hanging!.total.sent]).toEqual([10, 10]);
    expect(healthy!.total).toMatchObject({ sent: 500, notSent: 0, ok: 500 });
  });

  it("lets a drift that is steady fall on both configurations alike", async () => {
    const clock = new FakeClock();
    const slower = () =>
      new Promise<CallEnd>((resolve) => {
        clock.setTimeout(resolve, 10 + clock.now() / 100, OK);
      });
    const { arms } = await run(clock, { arms: [slower, slower] });
    const [base, other] = arms.map(({ total }) => total.latency.meanMs);
    expect(other! / base!).toBeCloseTo(1, 2);
  });
});
