import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { InvokeEndpointAsyncCommand } from "../../lib/commands.ts";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { layer } from "../../lib/layer.ts";
import type { SplitOptions } from "../../lib/resilience/split/options.ts";
import { type RoutedClient, type Routes, routedClient } from "../support/routed-client.ts";

const HALVES: SplitOptions = { weights: { churn: { blue: 1, green: 1 } } };
const FAST_BREAKER = { breaker: () => new ConsecutiveBreaker(1) };

function client(routes: Routes, config: SageMakerRuntimeClientConfig = {}) {
  return routedClient({ churn: [200], blue: [200], green: [200], ...routes }, { split: HALVES, ...config });
}

async function calls({ call }: RoutedClient, count: number) {
  const ends = [];
  for (let i = 0; i < count; i++) ends.push(await call());
  return ends;
}

describe("a call to an endpoint that is split", () => {
  it("names the variant that was chosen by weight", async () => {
    const test = client({});
    await calls(test, 20);
    expect(test.network.counts).toEqual({ churn: 0, blue: 10, green: 10 });
  });

  it.each([
    ["names a variant", { TargetVariant: "grey" }, "grey"],
    ["names an inference component", { InferenceComponentName: "a" }, "a"],
    ["has a session", { SessionId: "s-1" }, "churn"],
    ["opens a session", { SessionId: "NEW_SESSION" }, "churn"],
    ["is to another endpoint", { EndpointName: "other" }, "other"],
  ])("goes where it was sent where it %s", async (_, input, place) => {
    const { call, network } = client({ grey: [200], a: [200], other: [200] });
    for (let i = 0; i < 4; i++) await call(input);
    expect(network.counts).toMatchObject({ blue: 0, green: 0, [place]: 4 });
  });

  it("goes where it was sent where it is asynchronous", async () => {
    const { client: own, network } = client({ churn: [{ status: 202, body: "{}" }] });
    await own.send(new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://b/k" }));
    expect(network.counts.churn).toBe(1);
  });

  it("shows layers of the user what the caller asked, and the attempt's own target", async () => {
    const { client: own, call } = client({});
    const seen: unknown[] = [];
    own.middlewareStack.add(
      (next) => (args) => {
        const { attempt } = args as unknown as { attempt: { target: { variant: string } } };
        seen.push(args.input, attempt.target.variant);
        return next(args);
      },
      { step: "finalizeRequest", name: "sees" },
    );
    await call();
    expect(seen).toEqual([{ EndpointName: "churn", Body: "1,2" }, expect.stringMatching(/^(blue|green)$/)]);
  });

  it("has the model that it names in the target of each variant", async () => {
    const test = client({});
    for (let i = 0; i < 4; i++) await test.call({ TargetModel: "m" });
    const targets = [...test.client.breakers].map(({ target }) => [target.variant, target.model]);
    expect(targets.sort()).toEqual([
      ["blue", "m"],
      ["green", "m"],
    ]);
  });
});

describe("split and metrics", () => {
  it("makes every failure that of a variant, even one without an answer", async () => {
    const test = client({ green: [{ resets: "headers" }] }, { retry: false });
    await calls(test, 4);
    const { metric } = test;
    expect(await metric("attempts_total", { variant: "green", outcome: "reset" })).toBe(2);
    expect(await metric("requests_total", { variant: "green", outcome: "reset" })).toBe(2);
    expect(await metric("requests_total", { variant: "_unknown" })).toBe(0);
  });

  it("says in the history of an error which variant each attempt went to", async () => {
    const test = client(
      { blue: [{ resets: "headers" }], green: [{ resets: "headers" }] },
      { random: () => 0 },
    );
    const { error } = await test.call();
    const attempts = error!.attempts as readonly { variant: string }[];
    expect(new Set(attempts.map(({ variant }) => variant))).toEqual(new Set(["blue", "green"]));
  });

  it("shows the share of each variant, and how often it was taken out", async () => {
    const test = client({ green: [503] }, { retry: false, circuitBreaker: false });
    const { metric } = test;
    await calls(test, 2);
    expect(await metric("split_share_ratio", { endpoint: "churn", variant: "green" })).toBe(0.5);
    expect(await metric("ejections_total", { variant: "green" })).toBe(0);
    await calls(test, 18);
    expect(await metric("split_share_ratio", { endpoint: "churn", variant: "green" })).toBe(0);
    expect(await metric("split_share_ratio", { endpoint: "churn", variant: "blue" })).toBe(1);
    expect(await metric("ejections_total", { endpoint: "churn", variant: "green" })).toBe(1);
    expect(test.network.counts.green).toBe(5);
    test.client.destroy();
    expect(await test.registry.metrics()).not.toMatch(/split_share_ratio\{/);
  });

  it("says where a variant is left in although it fails more", async () => {
    const split = { weights: { churn: { blue: 9, green: 1 } } };
    const test = client({ blue: [503] }, { split, retry: false, circuitBreaker: false });
    await calls(test, 20);
    expect(await test.metric("ejections_total", {})).toBe(0);
    expect(await test.metric("ejections_suppressed_total", { variant: "blue" })).toBeGreaterThan(0);
  });
});

describe("split and retry", () => {
  it("draws each retry anew, so that it may go to a variant that is well", async () => {
    const test = client({ green: [503] }, { circuitBreaker: false, random: () => 0 });
    const ends = await calls(test, 8);
    expect(ends.every(({ ok }) => ok)).toBe(true);
    expect(test.network.counts.green).toBeGreaterThan(0);
  });

  it("goes on asking while a model is being loaded at one variant, and finds the other one", async () => {
    const test = client({ green: [429] });
    const settled = calls(test, 6);
    await test.clock.advance(2_000);
    expect((await settled).every(({ ok }) => ok)).toBe(true);
    expect(test.network.counts.green).toBe(1);
  });
});

describe("split and the breakers", () => {
  it("draws another variant where the breaker of one refuses, within the same attempt", async () => {
    const test = client({ green: [503] }, { retry: false, circuitBreaker: FAST_BREAKER });
    const ends = await calls(test, 20);
    expect(ends.filter(({ ok }) => !ok)).toHaveLength(1);
    expect(test.network.counts).toMatchObject({ green: 1, blue: 19 });
    for (const { output } of ends.slice(-3)) expect(output?.$metadata.attempts).toBe(1);
    expect(await test.metric("attempts_total", {})).toBe(20);
    expect(await test.metric("attempts_in_flight", {})).toBe(0);
  });

  it("refuses where too much of the weight would be out, so that the rest is not overrun", async () => {
    const split = { weights: { churn: { blue: 9, green: 1 } } };
    const test = client({ blue: [503] }, { split, retry: false, circuitBreaker: FAST_BREAKER });
    const ends = await calls(test, 40);
    expect(test.network.counts.blue).toBe(1);
    expect(test.network.counts.green).toBeLessThanOrEqual(5);
    expect(ends.at(-1)?.error ?? ends.at(-2)?.error).toMatchObject({
      name: "CircuitOpenError",
      variant: "blue",
    });
  });

  it("finds its way through a layer of the user's that waits", async () => {
    const test = client({ green: [503] }, { retry: false, circuitBreaker: FAST_BREAKER });
    const place = { name: "waits", relation: "after", toMiddleware: "split" } as const;
    test.client.middlewareStack.use(layer(place, (next) => async (args) => await next(args)));
    expect((await calls(test, 10)).filter(({ ok }) => !ok)).toHaveLength(1);
  });

  it("lets a variant be probed, and has it back when it is well", async () => {
    const outliers = { ejectMs: 1_000, slowStartMs: 0 };
    const test = client(
      { green: [503, 200] },
      {
        retry: false,
        circuitBreaker: { ...FAST_BREAKER, recoveryRampMs: 0 },
        split: { ...HALVES, outliers },
      },
    );
    await calls(test, 4);
    await test.clock.advance(6_000);
    await calls(test, 20);
    expect(test.network.counts.green).toBeGreaterThan(9);
  });
});

describe("split and the concurrency limit", () => {
  it("has a limit for each variant, whose name is in the refusal", async () => {
    const config = { concurrencyLimit: { algorithm: "fixed", initial: 1, maxQueue: 1 } } as const;
    const test = client({ blue: ["silence"], green: ["silence"] }, { ...config, retry: false });
    const all = Array.from({ length: 6 }, () => test.call({}, { callTimeoutMs: 100 }));
    await test.clock.advance(50);
    expect(test.network.counts).toMatchObject({ blue: 1, green: 1 });
    await test.clock.advance(50);
    const refused = (await Promise.all(all)).filter(({ error }) => error?.name === "ConcurrencyLimitError");
    expect(refused.map(({ error }) => error?.variant).sort()).toEqual(["blue", "green"]);
  });
});

describe("split and hedge", () => {
  const hedge = { minimumSamples: 20, maxExtraLoad: 0.25 };

  it("draws the hedge as well, each for its own variant", async () => {
    const test = client({}, { hedge, retry: false });
    await calls(test, 30);
    test.network.at("blue").answerWith("silence", 200);
    const next = [test.call(), test.call()];
    await test.clock.advance(20);
    for (const { ok } of await Promise.all(next)) expect(ok).toBe(true);
    expect(await test.metric("hedges_total", { result: "won" })).toBe(1);
    expect(await test.metric("attempts_total", { variant: "_unknown" })).toBe(0);
  });

  it("leaves a hedge alone that names a variant", async () => {
    const variants = { churn: ["grey"] };
    const test = client({ grey: [200] }, { hedge: { ...hedge, variants }, retry: false });
    await calls(test, 40);
    for (const place of ["blue", "green"]) test.network.at(place).answerWith("silence");
    const settled = test.call();
    await test.clock.advance(20);
    expect((await settled).ok).toBe(true);
    expect(test.network.counts.grey).toBe(1);
  });
});

describe("split and its other neighbours", () => {
  it("leaves an alternative of fallback alone that names a variant", async () => {
    const fallback = { alternatives: [{ variant: "grey" }] };
    const test = client({ blue: [503], green: [503], grey: [200] }, { fallback, retry: false });
    expect((await test.call()).output?.$metadata.fallback?.name).toBe("grey");
  });

  it("chooses for the invocation that identical calls share", async () => {
    const test = client({}, { singleFlight: true });
    await Promise.all([test.call(), test.call(), test.call()]);
    expect(test.network.counts.blue! + test.network.counts.green!).toBe(1);
  });

  it("ends with the deadline of the call", async () => {
    const test = client({ blue: ["silence"], green: ["silence"] });
    const settled = test.call({}, { callTimeoutMs: 100 });
    await test.clock.advance(100);
    expect((await settled).error).toMatchObject({ name: "TimeoutError", clock: "call" });
    expect(test.clock.pendingTimers).toBe(0);
  });
});
