import { inspect } from "node:util";
import type { AwsCredentialIdentity } from "@smithy/types";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CachedCredentials } from "../../lib/credentials/cached-credentials.ts";
import { CredentialsProviderError } from "../../lib/credentials/credentials-provider-error.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { MINUTE, setUp } from "./provider-kit.ts";
import { Scope } from "./scope.ts";

describe("credentials of a provider", () => {
  it("are asked for by the first call and then returned without a promise", async () => {
    const { asked, source, answer, now } = setUp();
    expect(asked).toHaveLength(0);
    const first = source.resolve(new Scope());
    expect(asked).toMatchObject([{ isForced: false }]);
    await answer("a");
    expect(await first).toMatchObject({ accessKeyId: "AKID-a" });
    expect(now()).toBe(await first);
    expect(asked).toHaveLength(1);
  });

  it("are kept for ever where they do not expire", async () => {
    const { clock, asked, source, answer, now } = setUp();
    void source.resolve(new Scope());
    await answer("a");
    await clock.advance(10_000 * MINUTE);
    expect(now().accessKeyId).toBe("AKID-a");
    expect(asked).toHaveLength(1);
  });

  it("are asked for once, however many calls wait", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.boolean(), async (calls, isAnswered) => {
        const { asked, source, answer, fail } = setUp();
        const waiting = Array.from({ length: calls }, () => source.resolve(new Scope()));
        const settled = Promise.allSettled(waiting);
        await settle();
        expect(asked).toHaveLength(1);
        await (isAnswered ? answer("a") : fail("boom"));
        const results = await settled;
        expect(results.every((result) => (result.status === "fulfilled") === isAnswered)).toBe(true);
        expect(asked).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  });

  it("are asked for again by the next call after a failure, which is not remembered", async () => {
    const { asked, source, answer, fail } = setUp();
    const first = source.resolve(new Scope()) as Promise<unknown>;
    const refused = expect(first).rejects.toThrow("no credentials to sign with: no route to provider");
    await fail("no route to provider");
    await refused;
    const second = source.resolve(new Scope());
    expect(asked).toHaveLength(2);
    await answer("b");
    expect(await second).toMatchObject({ accessKeyId: "AKID-b" });
  });

  it("fail each waiting call with an error of its own, and with what the provider threw as the cause", async () => {
    const { source, fail } = setUp();
    const waiting = [source.resolve(new Scope()), source.resolve(new Scope())].map((result) =>
      (result as Promise<unknown>).catch((error: unknown) => error),
    );
    await fail("boom");
    const [one, two] = (await Promise.all(waiting)) as [CredentialsProviderError, CredentialsProviderError];
    expect(one).toBeInstanceOf(CredentialsProviderError);
    expect(one.name).toBe("CredentialsProviderError");
    expect(one).not.toBe(two);
    expect(one.cause).toBe(two.cause);
    expect(one.cause).toEqual(new Error("boom"));
  });

  it("fail where the provider throws at once, or something that is no Error", async () => {
    const clock = new FakeClock();
    const thrown = (value: unknown) =>
      new CachedCredentials(
        () => {
          throw value;
        },
        { clock, random: () => 0 },
      ).resolve(new Scope());
    await expect(thrown(new Error("at once"))).rejects.toThrow("no credentials to sign with: at once");
    await expect(thrown("text")).rejects.toThrow(
      "no credentials to sign with: the provider failed without an Error",
    );
  });

  it("fail where the provider gives no credentials, with an error that shows none of their values", async () => {
    const clock = new FakeClock();
    const given = (value: unknown) =>
      new CachedCredentials(async () => value as AwsCredentialIdentity, { clock, random: () => 0 });
    await expect(given(undefined).resolve(new Scope())).rejects.toThrow(
      "The provider's credentials must be an object",
    );
    const error = await given({ accessKeyId: "AKID", secretAccessKey: "s3cret key" })
      .refresh()
      .catch((e: unknown) => e);
    expect(String(error)).toContain("The provider's credentials.secretAccessKey must be a non-empty string");
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toMatch(/s3cret|AKID/);
  });

  it("show in no log", async () => {
    const { source, answer, now } = setUp();
    void source.resolve(new Scope());
    await answer("a", 60 * MINUTE);
    expect(now().secretAccessKey).toBe("secret-a");
    expect(inspect(source, { showHidden: true, depth: 9 })).not.toMatch(/secret-a|AKID-a/);
    expect(JSON.stringify(source)).toBe("{}");
  });
});

describe("a call that waits for credentials", () => {
  it.each(["abort", "call", "destroyed"] as const)(
    "gets none within the tick in which it is cancelled (%s)",
    async (reason) => {
      const { asked, source, answer } = setUp();
      const [cancelled, patient] = [new Scope(), new Scope()];
      const results = [source.resolve(cancelled), source.resolve(patient)];
      cancelled.cancel(reason);
      expect(await results[0]).toBeUndefined();
      expect(cancelled.running).toBeUndefined();
      await answer("a");
      expect(await results[1]).toMatchObject({ accessKeyId: "AKID-a" });
      expect(patient.running).toBeUndefined();
      expect(asked).toHaveLength(1);
    },
  );

  it("does not ask where it was cancelled before", async () => {
    const { asked, source } = setUp();
    const scope = new Scope();
    scope.cancel();
    expect(await source.resolve(scope)).toBeUndefined();
    expect(asked).toHaveLength(0);
  });

  it("gets none where it is cancelled and answered at the same time", async () => {
    const { asked, source } = setUp();
    const scope = new Scope();
    const result = source.resolve(scope);
    asked[0]!.answer({ accessKeyId: "a", secretAccessKey: "b" });
    await Promise.resolve();
    scope.cancel();
    expect(await result).toBeUndefined();
  });
});

describe("refresh()", () => {
  it("asks past the provider's caches while calls go on with what there is", async () => {
    const { asked, source, answer, now } = setUp();
    void source.resolve(new Scope());
    await answer("a");
    const refreshed = source.refresh();
    expect(now().accessKeyId).toBe("AKID-a");
    expect(asked).toMatchObject([{ isForced: false }, { isForced: true }]);
    await answer("b");
    expect(await refreshed).toMatchObject({ accessKeyId: "AKID-b" });
    expect(now().accessKeyId).toBe("AKID-b");
  });

  it.each([undefined, 60 * MINUTE])(
    "fails where the provider does, and harms no call: none asks before its time (valid for %j ms)",
    async (validMs) => {
      const { clock, asked, source, answer, fail, now } = setUp();
      void source.resolve(new Scope());
      await answer("a", validMs);
      const refused = expect(source.refresh()).rejects.toThrow("down");
      await fail("down");
      await refused;
      await clock.advance(55 * MINUTE);
      expect(now().accessKeyId).toBe("AKID-a");
      expect(asked).toHaveLength(2);
    },
  );
});
