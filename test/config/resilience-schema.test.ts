import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { RESILIENCE_OPTIONS } from "../../lib/config/resilience-config.ts";
import { presets, SageMakerRuntimeClient } from "../../lib/index.ts";
import { parseResilience } from "../../lib/resilience-file/parse.ts";

const SCHEMA_URL = new URL("../../lib/resilience-file/resilience.schema.json", import.meta.url);
const schema = JSON.parse(readFileSync(SCHEMA_URL, "utf8"));
const isValid = new Ajv({ allErrors: true, strict: false }).compile(schema);

/** Everything that a file may say, each option once. */
const WHOLE = {
  $schema: "./resilience.schema.json",
  preset: "highTraffic",
  callTimeoutMs: 20_000,
  maxAttempts: 4,
  timeouts: { connectMs: 1_000, socketMs: 5_000, attemptMs: 4_000 },
  retry: {
    mode: "holdfast",
    budget: { ratio: 0.1, minPerSecond: 2, windowMs: 10_000 },
    warmUp: { maxWaitMs: 60_000, initialDelayMs: 500, maxDelayMs: 1_000 },
    retryTimeouts: true,
    retryContainerOverload: false,
  },
  fallback: {
    alternatives: {
      churn: [
        { variant: "blue", name: "the other one", on: ["circuitOpen", "timeout"] },
        { endpoint: "churn-small", component: "tiny" },
        { answer: { Body: "0.5", ContentType: "text/csv" } },
      ],
    },
    on: ["serverError"],
    waitForModelMs: 0,
  },
  hedge: {
    maxExtraLoad: 0.05,
    quantile: 0.95,
    minDelayMs: 20,
    minimumSamples: 50,
    windowMs: 30_000,
    maxTargets: 10,
    variants: { churn: ["blue", "green"] },
  },
  split: {
    weights: { churn: { blue: 0.9, green: 0.1 } },
    maxEjectedShare: 0.2,
    outliers: {
      consecutiveFailures: 3,
      excessFailureRatio: 0.4,
      minimumAttempts: 10,
      windowMs: 5_000,
      ejectMs: 1_000,
      maxEjectMs: 2_000,
      slowStartMs: 0,
    },
  },
  circuitBreaker: {
    breaker: {
      failureRatio: 0.6,
      minimumThroughput: 10,
      windowMs: 5_000,
      maxWindowMs: 20_000,
      consecutiveFailures: 9,
      consecutiveTimeouts: 4,
    },
    halfOpenAfterMs: 1_000,
    maxOpenMs: 8_000,
    halfOpenProbes: 2,
    recoveryRampMs: 0,
    slowCallMs: 900,
    slowCallRatio: 0.7,
    maxTargets: 20,
    warmUp: { initialDelayMs: 500, maxDelayMs: 900 },
  },
  concurrencyLimit: {
    algorithm: "aimd",
    initial: 20,
    min: 5,
    max: 50,
    maxQueue: 0,
    queueTimeoutMs: 100,
    maxTargets: 30,
  },
  singleFlight: true,
  chaos: {
    allowInProduction: false,
    rules: [
      { inject: "latency", latencyMs: [1, 2], rate: 0.1, target: { endpoint: "churn", model: "a.tar.gz" } },
      { inject: "fault", fault: "connect", rate: 0 },
      { inject: "outcome", outcome: "ModelError", rate: 1 },
    ],
  },
};

/** What the client says of a file: the message of its error, or nothing. */
function refusalOf(content: unknown): string | undefined {
  try {
    const options = parseResilience(JSON.stringify(content), "file");
    new SageMakerRuntimeClient({
      region: "eu-west-1",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
      resilience: { options, subscribe: () => () => {} },
    }).destroy();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

type Path = readonly (string | number)[];

/** Every place in a value, outermost first. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

function withValue(content: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(content) ? [...content] : { ...(content as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = withValue(copy[key], rest, value);
  return copy;
}

const PLACES = places(WHOLE).filter((path) => path.length > 0);
/** Places that hold options, and not names of endpoints or variants. */
const GROUPS = PLACES.filter((path) => {
  const at = path.reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], WHOLE);
  return typeof at === "object" && !Array.isArray(at);
})
  .map((path) => path.join("."))
  .filter((place) => !/weights|variants|alternatives$/.test(place));
const VALUES = [
  -1,
  0,
  0.3,
  0.5,
  0.50001,
  1,
  1.5,
  2,
  3,
  4,
  2 ** 31 - 1,
  2 ** 31,
  "",
  "1",
  "0.2",
  "0.9",
  "churn",
  "a b",
  true,
  false,
  null,
  [],
  [1],
  {},
  { x: 1 },
];

describe("the schema of resilience files", () => {
  it("takes a file that says everything, which the client takes", () => {
    expect(refusalOf(WHOLE)).toBeUndefined();
    expect(isValid(WHOLE), JSON.stringify(isValid.errors)).toBe(true);
  });

  it("knows each option that can be changed, and no other", () => {
    const known = Object.keys(schema.properties).filter((name) => name !== "$schema" && name !== "preset");
    expect(known.sort()).toEqual([...RESILIENCE_OPTIONS].sort());
  });

  it.each(Object.entries(presets).filter(([name]) => name !== "awsSdk"))(
    "takes what preset %s says",
    (name, preset) => {
      for (const content of [preset, { preset: name }]) {
        expect(refusalOf(content)).toBeUndefined();
        expect(isValid(content), JSON.stringify(isValid.errors)).toBe(true);
      }
    },
  );

  it("takes whatever the client takes, wherever one value is another one", () => {
    const takenByClientAlone = PLACES.flatMap((path) =>
      VALUES.map((value) => ({ path, value, content: withValue(WHOLE, path, value) }))
        .filter(({ content }) => !isValid(content) && refusalOf(content) === undefined)
        .map(({ value }) => `${path.join(".")}: ${JSON.stringify(value)}`),
    );
    expect(takenByClientAlone).toEqual([]);
  });

  it.each(PLACES.filter((path) => path.length > 1).map((path) => path.join(".")))(
    "refuses null in the place of %s, as the client does",
    (place) => {
      const content = withValue(WHOLE, place.split("."), null);
      expect(isValid(content)).toBe(false);
      expect(refusalOf(content)).toBeDefined();
    },
  );

  it.each(GROUPS)("refuses an option in %s that does not exist, as the client does", (group) => {
    const content = withValue(WHOLE, [...group.split("."), "noSuchOption"], 1);
    expect(isValid(content)).toBe(false);
    expect(refusalOf(content)).toContain("noSuchOption is not an option");
  });
});
