import { describe, expect, it } from "vitest";
import type { EndSign } from "../../../lib/resilience/limiter/limit.ts";
import { Pacer } from "../../../lib/resilience/limiter/pacer.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const LIMIT = 4;

function paced({ isWanted = true } = {}) {
  const clock = new FakeClock();
  clock.skip(5_000);
  let resumed = 0;
  const pacer = new Pacer(clock, true, () => resumed++);
  const start = () => pacer.started();
  const end = (sign: EndSign | undefined, spell = 0, permits = 1) =>
    pacer.ended(sign, spell, permits, LIMIT, isWanted);
  const silence = () => {
    end("silent");
    end("silent");
  };
  return { clock, pacer, start, end, silence, resumed: () => resumed };
}

describe("a pacer", () => {
  it("lets everybody start while the target answers now and then", () => {
    const { pacer, end } = paced();
    for (let round = 0; round < 10; round++) {
      end("silent");
      end("answered");
    }
    expect(pacer.mayStart()).toBe(true);
    expect(pacer.pacingForMs).toBeUndefined();
  });

  it("takes refusals for answers of a target that is alive: they are the limit's business", () => {
    const { pacer, end } = paced();
    for (let round = 0; round < 10; round++) end("overloaded");
    expect(pacer.isPacing).toBe(false);
  });

  it("paces after two timeouts in a row; where many are in flight, after an eighth of them", () => {
    const few = paced();
    few.silence();
    expect(few.pacer.isPacing).toBe(true);

    const many = paced();
    for (let timeout = 0; timeout < 7; timeout++) many.end("silent", 0, 64);
    expect(many.pacer.isPacing).toBe(false);
    many.end("silent", 0, 64);
    expect(many.pacer.isPacing).toBe(true);
  });

  it("starts one at a time, after a pause that doubles with each failure up to 8 s", async () => {
    const { clock, pacer, start, end, silence } = paced();
    silence();
    for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 8_000]) {
      expect(pacer.mayStart()).toBe(false);
      await clock.advance(pauseMs - 1);
      expect(pacer.mayStart()).toBe(false);
      await clock.advance(1);
      expect(pacer.mayStart()).toBe(true);
      const spell = start();
      expect(pacer.mayStart()).toBe(false);
      end("silent", spell);
    }
  });

  it("has one more in flight with each answer, and stops where that reaches the limit", async () => {
    const { clock, pacer, start, end, silence } = paced();
    silence();
    await clock.advance(1_000);
    const starts = [start()];
    for (let allowed = 2; allowed <= LIMIT; allowed++) {
      end("answered", starts.shift());
      while (pacer.mayStart()) starts.push(start());
      expect(starts).toHaveLength(allowed);
    }
    end("answered", starts.shift());
    expect(pacer.isPacing).toBe(false);
  });

  it("stops at the first answer where nobody waits", async () => {
    const { clock, pacer, start, end, silence } = paced({ isWanted: false });
    silence();
    await clock.advance(1_000);
    end("answered", start());
    expect(pacer.isPacing).toBe(false);
    expect(pacer.mayStart()).toBe(true);
  });

  it("does not hear of attempts that started before, but for counting answers", async () => {
    const { clock, pacer, start, end, silence } = paced();
    const before = start();
    silence();
    end("answered", before);
    expect(pacer.mayStart()).toBe(false);
    await clock.advance(500);
    for (let timeout = 0; timeout < 10; timeout++) end("silent", before);
    await clock.advance(500);
    expect(pacer.pacingForMs).toBe(1_000);
    expect(pacer.mayStart()).toBe(true);
    start();
    end("overloaded", before);
    expect(pacer.mayStart()).toBe(false);
  });

  it("does not hear of attempts of an earlier spell, which take no place in this one", async () => {
    const { clock, pacer, start, end, silence } = paced();
    silence();
    await clock.advance(1_000);
    end("answered", start());
    const earlier = [start(), start()];
    pacer.turn(false);
    expect(pacer.mayStart()).toBe(true);
    pacer.turn(true);
    silence();
    for (const spell of earlier) end("overloaded", spell);
    await clock.advance(1_000);
    expect(pacer.mayStart()).toBe(true);
    start();
    expect(pacer.mayStart()).toBe(false);
  });

  it("does not pace while it is off, and knows nothing of that time when it is on again", () => {
    const { pacer, end } = paced();
    end("silent");
    pacer.turn(false);
    for (let timeout = 0; timeout < 10; timeout++) end("silent");
    pacer.turn(true);
    end("silent");
    expect(pacer.isPacing).toBe(false);
    end("silent");
    expect(pacer.isPacing).toBe(true);
  });

  it("learns nothing of an attempt that was cancelled: another one may start at once", async () => {
    const { clock, pacer, start, end, silence } = paced();
    silence();
    await clock.advance(1_000);
    end(undefined, start());
    expect(pacer.mayStart()).toBe(true);
    start();
    expect(pacer.mayStart()).toBe(false);
  });

  it("has a timer only while somebody waits, and calls at the end of the pause", async () => {
    const { clock, pacer, silence, resumed } = paced();
    silence();
    expect(clock.pendingTimers).toBe(0);
    pacer.somebodyWaits();
    pacer.somebodyWaits();
    expect(clock.pendingTimers).toBe(1);
    pacer.nobodyWaits();
    expect(clock.pendingTimers).toBe(0);
    pacer.somebodyWaits();
    await clock.advance(999);
    expect(resumed()).toBe(0);
    await clock.advance(1);
    expect(resumed()).toBe(1);
  });

  it("has no timer before it paces, nor where an attempt may start: who waits is served at once", async () => {
    const { clock, pacer, silence } = paced();
    pacer.somebodyWaits();
    silence();
    await clock.advance(1_000);
    pacer.somebodyWaits();
    expect(clock.pendingTimers).toBe(0);
  });

  it("lets one more start each 8 s in which nothing is heard of those in flight", async () => {
    const { clock, pacer, start, silence, resumed } = paced();
    silence();
    await clock.advance(1_000);
    for (let lost = 1; lost <= 3; lost++) {
      start();
      pacer.somebodyWaits();
      await clock.advance(7_999);
      expect([pacer.mayStart(), resumed()]).toEqual([false, lost - 1]);
      await clock.advance(1);
      expect([pacer.mayStart(), resumed()]).toEqual([true, lost]);
    }
  });

  it("lets the next start after the pause where the one in flight fails, and not as late as if it were silent", async () => {
    const { clock, pacer, start, end, silence, resumed } = paced();
    silence();
    await clock.advance(1_000);
    const spell = start();
    pacer.somebodyWaits();
    end("silent", spell);
    pacer.somebodyWaits();
    await clock.advance(2_000);
    expect(resumed()).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
