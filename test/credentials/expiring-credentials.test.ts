import { describe, expect, it } from "vitest";
import { settle } from "../support/fake-clock.ts";
import { MINUTE, setUp } from "./provider-kit.ts";
import { Scope } from "./scope.ts";

describe("credentials that expire", () => {
  it.each([
    [0, 240_000],
    [0.5, 270_000],
    [0.999999, 300_000],
  ])(
    "are refreshed early, by a lead that differs between processes (random %d: %d ms)",
    async (random, leadMs) => {
      const { clock, asked, source, answer, now } = setUp(random);
      void source.resolve(new Scope());
      await answer("a", 60 * MINUTE);
      await clock.advance(60 * MINUTE - leadMs - 1_000);
      now();
      expect(asked).toHaveLength(1);
      await clock.advance(2_000);
      expect(now().accessKeyId).toBe("AKID-a");
      expect(asked).toMatchObject([{}, { isForced: false }]);
      await answer("b", 60 * MINUTE);
      expect(now().accessKeyId).toBe("AKID-b");
    },
  );

  it("serve every call while they are refreshed, which happens once", async () => {
    const { clock, asked, source, answer, now } = setUp();
    void source.resolve(new Scope());
    await answer("a", 60 * MINUTE);
    await clock.advance(57 * MINUTE);
    for (let call = 0; call < 100; call++) expect(now().accessKeyId).toBe("AKID-a");
    expect(asked).toHaveLength(2);
  });

  it("serve until they really expire while the provider fails, and it is asked now and then", async () => {
    const { clock, asked, source, answer, fail, pending, now } = setUp();
    void source.resolve(new Scope());
    await answer("a", 60 * MINUTE);
    await clock.advance(57 * MINUTE);
    for (let second = 0; second < 100; second++) {
      expect(now().accessKeyId).toBe("AKID-a");
      if (pending() > 0) await fail("down");
      await clock.advance(1_000);
    }
    expect(asked).toHaveLength(11);
    await clock.advance(2 * MINUTE);
    const late = source.resolve(new Scope()) as Promise<unknown>;
    const refused = expect(late).rejects.toThrow("down for good");
    await fail("down for good");
    await refused;
  });

  it("are waited for after their expiry, by all calls together", async () => {
    const { clock, asked, source, answer } = setUp();
    void source.resolve(new Scope());
    await answer("a", 60 * MINUTE);
    await clock.advance(60 * MINUTE);
    const waiting = [source.resolve(new Scope()), source.resolve(new Scope())];
    expect(asked).toHaveLength(2);
    await answer("b", 60 * MINUTE);
    expect(await Promise.all(waiting)).toMatchObject([{ accessKeyId: "AKID-b" }, { accessKeyId: "AKID-b" }]);
  });

  it("expire by the wall clock", async () => {
    const { clock, source, answer } = setUp();
    void source.resolve(new Scope());
    await answer("a", 60 * MINUTE);
    clock.stepEpoch(61 * MINUTE);
    expect(source.resolve(new Scope())).toBeInstanceOf(Promise);
  });

  it("are kept for half of their time where that is shorter than the lead", async () => {
    const { clock, asked, source, answer, now } = setUp();
    void source.resolve(new Scope());
    await answer("a", 2 * MINUTE);
    await clock.advance(59_000);
    now();
    expect(asked).toHaveLength(1);
    await clock.advance(2_000);
    now();
    expect(asked).toHaveLength(2);
  });

  it("are used for a moment even if they look expired when they come: it may be this host's clock", async () => {
    const { clock, asked, source, answer, now } = setUp();
    const first = source.resolve(new Scope());
    await answer("a", -60 * MINUTE);
    expect(await first).toMatchObject({ accessKeyId: "AKID-a" });
    await clock.advance(9_000);
    now();
    expect(asked).toHaveLength(1);
    await clock.advance(1_000);
    void source.resolve(new Scope());
    expect(asked).toHaveLength(2);
  });
});

describe("a provider that hangs", () => {
  it("is asked again after a minute, and all that wait get the new answer", async () => {
    const { clock, asked, source } = setUp();
    const first = source.resolve(new Scope());
    await clock.advance(59_000);
    const second = source.resolve(new Scope());
    expect(asked).toHaveLength(1);
    await clock.advance(2_000);
    const third = source.resolve(new Scope());
    expect(asked).toHaveLength(2);
    asked[1]!.answer({ accessKeyId: "new", secretAccessKey: "x" });
    for (const result of [first, second, third]) expect(await result).toMatchObject({ accessKeyId: "new" });
  });

  it("still counts when it answers late, and not when it fails late", async () => {
    const { clock, asked, source, now } = setUp();
    const first = source.resolve(new Scope());
    await clock.advance(61_000);
    const second = source.resolve(new Scope());
    await clock.advance(61_000);
    const third = source.resolve(new Scope());
    expect(asked).toHaveLength(3);
    asked[0]!.fail(new Error("late"));
    await settle();
    asked[1]!.answer({ accessKeyId: "late", secretAccessKey: "x" });
    for (const result of [first, second, third]) expect(await result).toMatchObject({ accessKeyId: "late" });
    expect(now().accessKeyId).toBe("late");
  });
});
