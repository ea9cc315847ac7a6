import { ConstantBackoff } from "cockatiel";
import { describe, expect, it } from "vitest";
import { layer } from "../../lib/layer.ts";
import { hedge } from "../../middleware/hedge.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const unlimited = { budget: false as const };

describe("client.reconfigure", () => {
  it("counts for calls that start afterwards; a call in its back-off goes on as it began", async () => {
    const { call, client, clock, network } = scriptedClient([503], {
      retry: unlimited,
      circuitBreaker: false,
    });
    const before = call();
    await clock.advance(0);
    client.reconfigure({ retry: { ...unlimited, maxAttempts: 1 } });
    const after = call();
    await clock.advance(10_000);
    expect((await before).error?.$metadata).toMatchObject({ attempts: 3 });
    expect((await after).error?.$metadata).toMatchObject({ attempts: 1 });
    expect(network.requests.length).toBe(4);
  });

  it("bounds a call by the deadline that was in force when it started", async () => {
    const { call, client, clock } = scriptedClient(["silence"], { callTimeoutMs: 4_000 });
    const before = call();
    await clock.advance(0);
    client.reconfigure({ callTimeoutMs: 1_000 });
    const after = call();
    await clock.advance(1_000);
    expect((await after).error).toMatchObject({ name: "TimeoutError", timeoutMs: 1_000 });
    await clock.advance(3_000);
    expect((await before).error).toMatchObject({ name: "TimeoutError", timeoutMs: 4_000 });
  });

  it("names the time that a call has waited for its permit, not the one of those that come later", async () => {
    const fixed = { algorithm: "fixed", initial: 1 } as const;
    const { call, client, clock } = scriptedClient(["silence"], {
      concurrencyLimit: { ...fixed, queueTimeoutMs: 1_000 },
    });
    void call();
    const waiting = call();
    await clock.advance(0);
    client.reconfigure({ concurrencyLimit: { ...fixed, queueTimeoutMs: 5_000 } });
    await clock.advance(1_000);
    expect((await waiting).error).toMatchObject({ clock: "queue", timeoutMs: 1_000 });
    client.destroy();
  });

  it.each([
    [{ retry: { maxAttempts: 1 }, hedge: { quantile: 2 } }, RangeError, "hedge.quantile"],
    [
      { callTimeoutMs: 5, circuitBreaker: { halfOpenProbes: 0 } },
      RangeError,
      "circuitBreaker.halfOpenProbes",
    ],
    [{ maxAttempts: 1, concurrencyLimit: { min: 1 } }, RangeError, "concurrencyLimit.min"],
    [
      { callTimeoutMs: 5, region: "eu-central-1" },
      TypeError,
      'region cannot be changed, which is "eu-west-1"',
    ],
    [{ callTimeoutMs: 5, timeouts: { connectMs: 9 } }, TypeError, "timeouts.connectMs"],
    [{ callTimeoutMs: 5, retries: 3 }, TypeError, "retries is not an option"],
    [{ maxAttempts: 2, retry: { maxAttempts: 3 } }, TypeError, "the same option"],
  ])("changes nothing where one option is wrong: %o", async (changes, kind, text) => {
    const { call, client, clock } = scriptedClient([503], { retry: unlimited, circuitBreaker: false });
    const { config } = client;
    const reconfigure = () => client.reconfigure(changes as object);
    expect(reconfigure).toThrow(kind);
    expect(reconfigure).toThrow(text);
    expect(client.config).toBe(config);
    const pending = call();
    await clock.advance(10_000);
    expect((await pending).error?.$metadata).toMatchObject({ attempts: 3 });
  });

  it("says to nobody who tries to change them what credentials and endpoint are", () => {
    const { client } = scriptedClient([200]);
    const credentials = { accessKeyId: "AKIDOTHER", secretAccessKey: "hush" };
    expect(() => client.reconfigure({ credentials } as object)).toThrow(
      /^(?!.*(hush|AKID)).*credentials cannot/,
    );
    for (const endpoint of ["https://user:hush@a.example", "https://a.example/?token=hush"]) {
      expect(() => client.reconfigure({ endpoint } as object)).toThrow(/^(?!.*hush).*endpoint cannot/);
    }
  });

  it("keeps what code alone can say, and gives the rest of a group its defaults", async () => {
    const backoff = new ConstantBackoff(700);
    const key = () => "all";
    const { client } = scriptedClient([200], {
      retry: { backoff, retryTimeouts: true },
      circuitBreaker: { key, slowCallMs: 50 },
    });
    client.reconfigure({ retry: { maxAttempts: 2 }, circuitBreaker: {} });
    expect(client.config.retry).toEqual({ backoff, maxAttempts: 2 });
    expect(client.config.circuitBreaker).toEqual({ key });
  });

  it("takes an option that is undefined for one that is left out, whatever its name", () => {
    const { client } = scriptedClient([200], { callTimeoutMs: 9 });
    client.reconfigure({ callTimeoutMs: undefined, retries: undefined } as object);
    expect(client.config.callTimeoutMs).toBe(9);
  });

  it("takes maxAttempts and retry.maxAttempts for one option, of which the newer one counts", async () => {
    const { client } = scriptedClient([200], { maxAttempts: 5 });
    client.reconfigure({ retry: { maxAttempts: 2 } });
    expect(await client.config.maxAttempts()).toBe(2);
    client.reconfigure({ maxAttempts: 4 });
    expect(await client.config.maxAttempts()).toBe(4);
    client.reconfigure({ retry: false });
    expect(await client.config.maxAttempts()).toBe(1);
  });
});

describe("what is known of a target survives client.reconfigure", () => {
  it("the state and the window of its breaker", async () => {
    const breaker = { minimumThroughput: 4, failureRatio: 1, consecutiveFailures: 50 };
    const { call, client, clock } = scriptedClient([500], { retry: false, circuitBreaker: { breaker } });
    for (let failures = 0; failures < 3; failures++) await call();
    client.reconfigure({ circuitBreaker: { breaker: { ...breaker, windowMs: 20_000 } } });
    expect((await call()).error?.name).toBe("InternalFailure");
    expect((await call()).error?.name).toBe("CircuitOpenError");
    client.reconfigure({ circuitBreaker: { halfOpenAfterMs: 1_000 } });
    expect([...client.breakers].map(({ state }) => state)).toEqual(["open"]);
    client.reconfigure({ circuitBreaker: false });
    expect((await call()).error?.name).toBe("InternalFailure");
    expect([...client.breakers]).toEqual([]);
    client.reconfigure({ circuitBreaker: {} });
    expect((await call()).error?.name).toBe("CircuitOpenError");
    await clock.advance(0);
  });

  it("the budget of its endpoint, which a change does not refill", async () => {
    const options = { maxAttempts: 2, budget: { minPerSecond: 0.1, ratio: 0.1 } };
    const { call, client, clock, metric } = scriptedClient([503], { retry: options, circuitBreaker: false });
    const spent = call();
    await clock.advance(100);
    expect((await spent).error?.$metadata).toMatchObject({ attempts: 2 });
    client.reconfigure({ retry: { ...options, budget: { ...options.budget, windowMs: 12_000 } } });
    const refused = call();
    await clock.advance(100);
    expect((await refused).error?.$metadata).toMatchObject({ attempts: 1 });
    expect(await metric("retries_suppressed_total", { reason: "budget" })).toBe(1);
  });

  it("its permits: nobody waits for one that was taken by the old settings, and a higher limit serves who waits", async () => {
    const { call, client, clock, network } = scriptedClient([{ afterMs: 1_000, answer: 200 }], {
      concurrencyLimit: 2,
    });
    const calls = Array.from({ length: 6 }, () => call());
    await clock.advance(10);
    expect(network.inFlight).toBe(2);
    client.reconfigure({ concurrencyLimit: 5 });
    await clock.advance(10);
    expect(network.inFlight).toBe(5);
    client.reconfigure({ concurrencyLimit: false });
    calls.push(call());
    await clock.advance(10);
    expect(network.inFlight).toBe(6);
    await clock.advance(2_000);
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
    client.reconfigure({ concurrencyLimit: { min: 4 } });
    expect([...client.limiters].map(({ inFlight, waiting }) => [inFlight, waiting])).toEqual([[0, 0]]);
  });
});

describe("a layer that is switched off while calls run", () => {
  it("shows nothing in the metrics of what it keeps, and again what is true of it once it is on", async () => {
    const layers = {
      circuitBreaker: { breaker: { minimumThroughput: 2, failureRatio: 1 } },
      concurrencyLimit: 7,
      split: { weights: { churn: { blue: 1 } } },
    };
    const { call, client, metric, network, registry } = scriptedClient([500], { retry: false, ...layers });
    for (let failures = 0; failures < 2; failures++) await call();
    const shown = async () => [
      await metric("breaker_state", { state: "open" }),
      await metric("concurrency_limit", {}),
      await metric("split_share_ratio", {}),
    ];
    expect(await shown()).toEqual([1, 7, 1]);
    client.reconfigure({ circuitBreaker: false, concurrencyLimit: false, split: false });
    network.answerWith(200);
    expect((await call()).ok).toBe(true);
    expect(await shown()).toEqual([0, 0, 0]);
    expect(await registry.metrics()).not.toMatch(/(concurrency_limit|queue_depth|split_share_ratio)\{/);
    expect(await metric("breaker_transitions_total", { to: "open" })).toBe(1);
    client.reconfigure(layers);
    expect((await call()).error?.name).toBe("CircuitOpenError");
    expect(await shown()).toEqual([1, 7, 1]);
    expect(await metric("breaker_transitions_total", { to: "open" })).toBe(1);
    client.reconfigure({ circuitBreaker: false });
    client.destroy();
    expect(await shown()).toEqual([0, 0, 0]);
  });
});

describe("a layer that is switched on while calls run", () => {
  it("takes its place in the stack, and leaves it again", () => {
    const { client } = scriptedClient([200], { circuitBreaker: false });
    const names = () => client.middlewareStack.identify().map((entry) => entry.split(" ")[0]);
    const before = names();
    expect(before).not.toContain("hedge");
    client.reconfigure({ hedge: {}, circuitBreaker: {} });
    const at = names().indexOf("retry");
    expect(names().slice(at, at + 4)).toEqual(["retry", "hedge", "circuitBreaker", "concurrencyLimit"]);
    client.reconfigure({ hedge: false, circuitBreaker: false });
    expect(names()).toEqual(before);
  });

  it("leaves a user's own layer where it placed itself, on either side of one that is off", async () => {
    const { call, client, clock } = scriptedClient([503], { retry: false });
    let runs = 0;
    client.middlewareStack.use(
      layer({ name: "counted", relation: "after", toMiddleware: "retry" }, (next) => (args) => {
        runs++;
        return next(args);
      }),
    );
    await call();
    expect(runs).toBe(1);
    client.reconfigure({ retry: { maxAttempts: 3 } });
    const pending = call();
    await clock.advance(10_000);
    await pending;
    expect(runs).toBe(4);
  });

  it("leaves its name to a layer that a user adds, and cannot be switched on beside it", async () => {
    const { call, client } = scriptedClient([200]);
    const { config } = client;
    client.middlewareStack.use(hedge({ minDelayMs: 20 }));
    expect(client.middlewareStack.identify().filter((entry) => entry.startsWith("hedge"))).toHaveLength(1);
    expect((await call()).ok).toBe(true);
    expect(() => client.reconfigure({ hedge: {}, callTimeoutMs: 7 })).toThrow("hedge cannot be switched on");
    expect(client.config).toBe(config);
    client.reconfigure({ callTimeoutMs: 7 });
    expect(client.config.callTimeoutMs).toBe(7);
  });
});
