import { describe, expect, it } from "vitest";
import type { FallbackOptions } from "../../../lib/resilience/fallback/options.ts";
import { resolveFallback } from "../../../lib/resilience/fallback/settings.ts";
import { fallback } from "../../../middleware/fallback.ts";

const resolve = (options: object) => resolveFallback(options as FallbackOptions);
const one = (alternative: unknown) => resolve({ alternatives: [alternative] });

describe("the options of fallback", () => {
  it("make a list for every endpoint, with the kind and name of each alternative", () => {
    const client = { send: async () => ({ $metadata: {} }), config: { region: "us-east-1" } };
    const { alternativesOf } = resolve({
      alternatives: [
        { variant: "green" },
        { component: "b" },
        { endpoint: "small", component: "c" },
        { client },
        { client: () => client },
        { client, endpoint: "churn-us" },
        { answer: () => ({}) },
        { answer: { Body: "" }, name: "zero" },
      ],
    });
    expect(alternativesOf("any")?.map(({ kind, name }) => [kind, name])).toEqual([
      ["variant", "green"],
      ["component", "b"],
      ["endpoint", "small/c"],
      ["client", "us-east-1"],
      ["client", "client"],
      ["client", "churn-us"],
      ["function", "answer"],
      ["constant", "zero"],
    ]);
  });

  it("may make a list for each endpoint", () => {
    const { alternativesOf } = resolve({ alternatives: { churn: [{ variant: "green" }] } });
    expect(alternativesOf("churn")).toHaveLength(1);
    expect(alternativesOf("other")).toBeUndefined();
    expect(alternativesOf("constructor")).toBeUndefined();
  });

  it.each<[object, string | RegExp]>([
    [{}, "fallback.alternatives must be an object of options, got undefined"],
    [
      { alternatives: [] },
      "fallback.alternatives must be an array of at least one alternative, got an array of 0",
    ],
    [{ alternatives: { churn: {} } }, /^fallback\.alternatives\.churn must be an array of at least one/],
    [{ alternatives: { "a b": [] } }, /^fallback\.alternatives: each endpoint must be 1 to 63 letters/],
    [
      { alternatives: [{ variant: "green" }], only: [] },
      /^fallback\.only is not an option; known here: alternat/,
    ],
    [
      { alternatives: [{ variant: "green" }], on: ["slow"] },
      /^fallback\.on\[0\] must be one of "circuitOpen", /,
    ],
    [
      { alternatives: [{ variant: "green" }], on: "timeout" },
      /^fallback\.on must be an array of reasons, or a func/,
    ],
    [
      { alternatives: [{ variant: "green" }], waitForModelMs: -1 },
      /^fallback\.waitForModelMs must be a number of m/,
    ],
  ])("are refused in one sentence: %o", (options, message) => {
    expect(() => resolve(options)).toThrow(message);
    expect(() => fallback(options as FallbackOptions)).toThrow(message);
  });

  it.each<[unknown, string | RegExp]>([
    [5, "fallback.alternatives[0] must be an object of options, got 5"],
    [
      {},
      /^fallback\.alternatives\[0\] must be an alternative with variant, component, endpoint, client or answer/,
    ],
    [
      { variant: "not a name" },
      /^fallback\.alternatives\[0\]\.variant must be 1 to 63 .*, got "not a name"$/,
    ],
    [{ endpoint: "" }, /^fallback\.alternatives\[0\]\.endpoint must be 1 to 63/],
    [{ endpoint: "a", variant: "b", component: "c" }, /variant and .*component cannot both be given/],
    [
      { variant: "green", model: "m" },
      /^fallback\.alternatives\[0\]\.model is not an option; known here: endpoint/,
    ],
    [
      { answer: {}, variant: "green" },
      /^fallback\.alternatives\[0\]\.variant is not an option; known here: answer/,
    ],
    [{ variant: "green", name: "" }, "fallback.alternatives[0].name must be a name"],
    [{ variant: "green", on: [5] }, /^fallback\.alternatives\[0\]\.on\[0\] must be one of/],
    [{ client: {} }, "fallback.alternatives[0].client must be a client, or a function that gives one"],
    [{ answer: "0.5" }, /^fallback\.alternatives\[0\]\.answer must be an object of options, got "0.5"$/],
    [{ answer: { Body: 5 } }, "fallback.alternatives[0].answer.Body must be text or bytes, got 5"],
    [{ answer: { ContentType: 5 } }, "fallback.alternatives[0].answer.ContentType must be a text, got 5"],
    [
      { answer: { body: "" } },
      /^fallback\.alternatives\[0\]\.answer\.body is not an option; known here: Body/,
    ],
  ])("refuse an alternative in one sentence: %o", (alternative, message) => {
    expect(() => one(alternative)).toThrow(message);
  });
});
