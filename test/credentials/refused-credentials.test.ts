import { describe, expect, it } from "vitest";
import { settle } from "../support/fake-clock.ts";
import { MINUTE, setUp } from "./provider-kit.ts";
import { Scope } from "./scope.ts";

describe("credentials that the service refused", () => {
  async function holding(name: string) {
    const kit = setUp();
    void kit.source.resolve(new Scope());
    await kit.answer(name, 60 * MINUTE);
    return kit;
  }

  it("are replaced, past the provider's caches, before any call goes on", async () => {
    const { asked, source, answer, now } = await holding("a");
    expect(source.invalidate(now())).toBe(true);
    const waiting = [source.resolve(new Scope()), source.resolve(new Scope())];
    expect(asked).toMatchObject([{}, { isForced: true }]);
    await answer("b", 60 * MINUTE);
    expect(await Promise.all(waiting)).toMatchObject([{ accessKeyId: "AKID-b" }, { accessKeyId: "AKID-b" }]);
    expect(asked).toHaveLength(2);
  });

  it("are left alone where newer ones are there already", async () => {
    const { asked, source, answer, now } = await holding("a");
    const old = now();
    source.invalidate(old);
    void source.resolve(new Scope());
    await answer("b", 60 * MINUTE);
    expect(source.invalidate(old)).toBe(true);
    expect(now().accessKeyId).toBe("AKID-b");
    expect(asked).toHaveLength(2);
  });

  it("are not replaced again where the new ones are refused at once: there are no better ones", async () => {
    const { clock, asked, source, answer, now } = await holding("a");
    source.invalidate(now());
    void source.resolve(new Scope());
    await answer("b", 60 * MINUTE);
    expect(source.invalidate(now())).toBe(false);
    expect(now().accessKeyId).toBe("AKID-b");
    expect(asked).toHaveLength(2);
    await clock.advance(10_000);
    expect(source.invalidate(now())).toBe(true);
  });

  it("are not served again where the provider fails", async () => {
    const { source, fail, now } = await holding("a");
    source.invalidate(now());
    const result = expect(source.resolve(new Scope())).rejects.toThrow("down");
    await fail("down");
    await result;
    expect(source.resolve(new Scope())).toBeInstanceOf(Promise);
  });

  it("are not replaced by an answer that was asked for before: it may be the same again", async () => {
    const { clock, asked, source, answer, now } = await holding("a");
    await clock.advance(57 * MINUTE);
    const refused = now();
    expect(asked).toMatchObject([{}, { isForced: false }]);
    source.invalidate(refused);
    const result = source.resolve(new Scope());
    expect(asked).toMatchObject([{}, {}, { isForced: true }]);
    await answer("a", 3 * MINUTE);
    await answer("b", 60 * MINUTE);
    expect(await result).toMatchObject({ accessKeyId: "AKID-b" });
  });

  it("are replaced for a call that waits since before, though the call that had them refused does not ask", async () => {
    const { clock, asked, source, answer, now } = await holding("a");
    const refused = now();
    await clock.advance(60 * MINUTE);
    const waiting = source.resolve(new Scope());
    source.invalidate(refused);
    await answer("a", 3 * MINUTE);
    expect(asked).toMatchObject([{}, { isForced: false }, { isForced: true }]);
    await answer("b", 60 * MINUTE);
    expect(await waiting).toMatchObject({ accessKeyId: "AKID-b" });
  });

  it("do not come back by an answer that was asked for before, and comes after the new ones", async () => {
    const { clock, asked, source, now } = await holding("a");
    await clock.advance(57 * MINUTE);
    const refused = now();
    source.invalidate(refused);
    const result = source.resolve(new Scope());
    expect(asked).toMatchObject([{}, { isForced: false }, { isForced: true }]);
    asked[2]!.answer({ accessKeyId: "new", secretAccessKey: "x" });
    await result;
    asked[1]!.answer({ ...refused });
    await settle();
    expect(now().accessKeyId).toBe("new");
  });

  it("do not leave an early refresh behind that blocks the next one", async () => {
    const { clock, asked, source, answer, now } = await holding("a");
    await clock.advance(57 * MINUTE);
    source.invalidate(now());
    await answer("a", 3 * MINUTE);
    void source.resolve(new Scope());
    expect(asked).toMatchObject([{}, {}, { isForced: true }]);
  });
});
