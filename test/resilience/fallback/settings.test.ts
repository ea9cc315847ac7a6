import { describe, expect, it } from "vitest";
import { SageMakerRuntimeClient } from "../../../lib/client.ts";
import type { FallbackOptions } from "../../../lib/resilience/fallback/options.ts";
import { resolveFallback } from "../../../lib/resilience/fallback/settings.ts";
import { fallback } from "../../../middleware/fallback.ts";

const resolve = (options: object) => resolveFallback(options as FallbackOptions);
const one = (alternative: unknown) => resolve({ alternatives: [alternative] });

const REASONS = [
  "circuitOpen",
  "concurrencyLimit",
  "notReady",
  "throttled",
  "serverError",
  "modelError",
  "timeout",
  "connection",
  "invalidResponse",
];

describe("the options of fallback", () => {
  it("have every reason and no bound of their own as defaults", () => {
    const { alternativesOf, waitForModelMs } = resolve({ alternatives: [{ variant: "green" }] });
    expect(alternativesOf("churn")).toEqual([
      {
        index: 0,
        kind: "variant",
        name: "green",
        on: REASONS,
        endpoint: undefined,
        variant: "green",
        component: undefined,
        client: undefined,
      },
    ]);
    expect(waitForModelMs).toBeUndefined();
  });

  it("may bound the wait for a model, be it to nothing", () => {
    const alternatives = [{ variant: "green" }];
    expect(resolve({ alternatives, waitForModelMs: 0 }).waitForModelMs).toBe(0);
    expect(resolve({ alternatives, waitForModelMs: 5_000 }).waitForModelMs).toBe(5_000);
    expect(resolve({ alternatives: { churn: alternatives }, waitForModelMs: 5 }).waitForModelMs).toBe(5);
  });

  it("give their reasons to the alternatives that have none of their own", () => {
    const own = ["timeout"];
    const isReason = () => true;
    const list = [
      { variant: "green" },
      { variant: "grey", on: own },
      { answer: { Body: "0" }, on: isReason },
    ];
    for (const alternatives of [list, { churn: list }]) {
      const resolved = resolve({ alternatives, on: ["notReady", "throttled"] }).alternativesOf("churn");
      expect(resolved?.map(({ index, on }) => [index, on])).toEqual([
        [0, ["notReady", "throttled"]],
        [1, own],
        [2, isReason],
      ]);
    }
    const [{ on } = { on: undefined }] =
      resolve({ alternatives: list, on: isReason }).alternativesOf("churn") ?? [];
    expect(on).toBe(isReason);
  });

  it("are a copy: what becomes of them changes no alternative", () => {
    const reasons = ["timeout"];
    const bytes = Buffer.from("0.5");
    const alternatives = [{ variant: "green", on: reasons }, { answer: { Body: bytes } }];
    const [sent, constant] = resolve({ alternatives }).alternativesOf("churn")!;
    reasons.push("throttled");
    bytes[0] = 0;
    expect(sent?.on).toEqual(["timeout"]);
    expect(constant).toMatchObject({ answer: { Body: new Uint8Array([0x30, 0x2e, 0x35]) } });
  });

  it("name an alternative by what it is, where it does not name itself", () => {
    const client = { send: async () => ({ $metadata: {} }) };
    const { alternativesOf } = resolve({
      alternatives: [
        { client },
        { client: { ...client, config: { signingRegion: 5 } } },
        { client, component: "c", name: "far" },
        { answer: () => ({}) },
        { answer: (() => () => ({}))() },
        { answer: () => ({}), name: "cache" },
        { answer: {} },
        { endpoint: "small", name: "own" },
      ],
    });
    const names = alternativesOf("churn")?.map(({ name }) => name);
    expect(names).toEqual(["client", "client", "far", "answer", "function", "cache", "constant", "own"]);
  });

  it("have a client as it is given, or what a function gives each time", () => {
    const client = { send: async () => ({ $metadata: {} }) };
    const give = () => client;
    const [given, asked] = resolve({ alternatives: [{ client }, { client: give }] }).alternativesOf("churn")!;
    expect((given as { client: () => unknown }).client()).toBe(client);
    expect(asked).toMatchObject({ client: give });
  });

  it("have a constant with the members that are given, and no others", () => {
    const { alternativesOf } = resolve({
      alternatives: [{ answer: { ContentType: "text/csv" } }, { answer: { OutputLocation: "s3://b/k" } }],
    });
    expect(alternativesOf("churn")).toMatchObject([
      { kind: "constant", answer: { ContentType: "text/csv" } },
      { kind: "constant", answer: { OutputLocation: "s3://b/k" } },
    ]);
    for (const one of alternativesOf("churn")!) {
      expect(Object.keys((one as { answer: object }).answer)).toHaveLength(1);
    }
  });

  it("make a list for every endpoint, with the kind and name of each alternative", () => {
    const client = new SageMakerRuntimeClient({ region: "us-east-1" });
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
    [
      { alternatives: { churn: {} } },
      "fallback.alternatives.churn must be an array of at least one alternative, got an object (Object)",
    ],
    [{ alternatives: { "a b": [] } }, /^fallback\.alternatives: each endpoint must be 1 to 63 letters/],
    [
      { alternatives: [{ variant: "green" }], only: [] },
      "fallback.only is not an option; known here: alternatives, on, waitForModelMs",
    ],
    [
      { alternatives: [{ variant: "green" }], on: ["slow"] },
      /^fallback\.on\[0\] must be one of "circuitOpen", /,
    ],
    [
      { alternatives: [{ variant: "green" }], on: "timeout" },
      'fallback.on must be an array of reasons, or a function, got "timeout"',
    ],
    [
      { alternatives: [{ variant: "green" }], waitForModelMs: -1 },
      "fallback.waitForModelMs must be a number of milliseconds above 0",
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
    [
      { endpoint: "a", variant: "b", component: "c" },
      "fallback.alternatives[0].variant and fallback.alternatives[0].component cannot both be given: a component has " +
        "no variant",
    ],
    [
      { variant: "green", model: "m" },
      "fallback.alternatives[0].model is not an option; known here: endpoint, variant, component, name, on",
    ],
    [
      { answer: {}, variant: "green" },
      "fallback.alternatives[0].variant is not an option; known here: answer, name, on",
    ],
    [
      { client: { send: () => {} }, model: "m" },
      "fallback.alternatives[0].model is not an option; known here: client, endpoint, variant, component, name, on",
    ],
    [{ component: "not a name" }, /^fallback\.alternatives\[0\]\.component must be 1 to 63/],
    [{ variant: "green", name: 5 }, "fallback.alternatives[0].name must be a name, got 5"],
    [
      { client: null },
      "fallback.alternatives[0].client must be a client, or a function that gives one, got null",
    ],
    [{ answer: { Body: null } }, "fallback.alternatives[0].answer.Body must be text or bytes, got null"],
    [{ variant: "green", name: "" }, "fallback.alternatives[0].name must be a name"],
    [{ variant: "green", on: [5] }, /^fallback\.alternatives\[0\]\.on\[0\] must be one of/],
    [{ client: {} }, "fallback.alternatives[0].client must be a client, or a function that gives one"],
    [{ answer: "0.5" }, /^fallback\.alternatives\[0\]\.answer must be an object with a Body, got 3 bytes$/],
    [{ answer: 5 }, /^fallback\.alternatives\[0\]\.answer must be an object of options, got 5$/],
    [{ answer: { Body: 5 } }, "fallback.alternatives[0].answer.Body must be text or bytes, got 5"],
    [{ answer: { ContentType: 5 } }, "fallback.alternatives[0].answer.ContentType must be a text, got 5"],
    [
      { answer: { body: "" } },
      "fallback.alternatives[0].answer.body is not an option; known here: Body, ContentType, CustomAttributes, " +
        "InvokedProductionVariant, InferenceId, OutputLocation, FailureLocation",
    ],
  ])("refuse an alternative in one sentence: %o", (alternative, message) => {
    expect(() => one(alternative)).toThrow(message);
  });
});
