import { describe, expect, it } from "vitest";
import { hedgedClient, LEARNT, learn, SLOW_MS } from "../support/hedged-client.ts";

const HEADER = "x-amzn-sagemaker-target-variant";
const churn = { churn: ["blue", "green", "grey"] };

/** The variant that the hedge of a slow call was sent to. */
async function hedgedTo(input: Record<string, string>, variants: Record<string, string[]>, random = 0.5) {
  const test = await hedgedClient({ hedge: { variants }, random: () => random });
  await learn(test, input);
  test.network.answerWith("silence", 200);
  const pending = test.call(input);
  await test.clock.advance(SLOW_MS);
  expect((await pending).output?.$metadata.attempts).toBe(2);
  const [first, hedge] = test.network.requests.slice(2 * LEARNT);
  expect(first?.headers[HEADER]).toBe(input.TargetVariant);
  return hedge?.headers[HEADER];
}

describe("a hedge across variants", () => {
  it("goes to the next of those that may answer for each other", async () => {
    expect(await hedgedTo({ TargetVariant: "blue" }, churn)).toBe("green");
    expect(await hedgedTo({ TargetVariant: "grey" }, churn)).toBe("blue");
  });

  it("goes to any of them, where the call names none", async () => {
    expect(await hedgedTo({}, churn, 0)).toBe("blue");
    expect(await hedgedTo({}, churn, 0.99)).toBe("grey");
  });

  it.each([0, 0.99])("goes to another than the split has chosen, whatever is drawn: %d", async (draw) => {
    const split = { weights: { churn: { blue: 1, green: 1 } } };
    const hedge = { variants: { churn: ["blue", "green"] } };
    const { call, clock, network } = await hedgedClient({ hedge, split, random: () => draw });
    network.answerWith("silence", 200);
    const pending = call();
    await clock.advance(SLOW_MS);
    expect((await pending).ok).toBe(true);
    const asked = network.requests.slice(LEARNT).map(({ headers }) => headers[HEADER]);
    expect(asked.sort()).toEqual(["blue", "green"]);
  });

  it.each([
    ["names a variant that is none of them", { TargetVariant: "canary" }, churn, "canary"],
    ["names an inference component", { InferenceComponentName: "a" }, churn, undefined],
    ["is to another endpoint", {}, { other: ["blue"] }, undefined],
  ])("goes where the first attempt went, where the call %s", async (_, input, variants, variant) => {
    expect(await hedgedTo(input, variants)).toBe(variant);
  });

  it("counts for the variant that it was sent to, in metrics and in the breaker", async () => {
    const test = await hedgedClient({ hedge: { variants: churn }, maxAttempts: 1 });
    const { client, call, clock, network, metric } = test;
    await learn(test, { TargetVariant: "blue" });
    network.answerWith("silence", { resets: "headers" });
    const pending = call({ TargetVariant: "blue" }, { callTimeoutMs: 500 });
    await clock.advance(500);
    expect((await pending).error?.name).toBe("TimeoutError");
    expect(await metric("attempts_total", { kind: "hedge", variant: "green", outcome: "reset" })).toBe(1);
    expect(await metric("attempts_total", { kind: "first", variant: "blue", outcome: "timeout" })).toBe(1);
    expect([...client.breakers].map(({ target }) => target.variant)).toEqual([undefined, "blue", "green"]);
  });

  it("shows layers of the user the input that goes with it", async () => {
    const test = await hedgedClient({ hedge: { variants: churn } });
    const seen: unknown[] = [];
    test.client.middlewareStack.add(
      (next) => (args) => {
        seen.push((args.input as { TargetVariant?: string }).TargetVariant);
        return next(args);
      },
      { step: "finalizeRequest", name: "sees" },
    );
    await learn(test, { TargetVariant: "blue" });
    test.network.answerWith("silence", 200);
    const pending = test.call({ TargetVariant: "blue" });
    await test.clock.advance(SLOW_MS);
    await pending;
    expect(seen.slice(-2)).toEqual(["blue", "green"]);
  });
});
