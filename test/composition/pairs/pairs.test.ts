import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { SageMakerRuntimeClient } from "../../../lib/client.ts";
import * as factories from "../../../middleware/index.ts";
import { attemptMetrics } from "./attempt-metrics.ts";
import { circuitBreaker } from "./circuit-breaker.ts";
import { concurrencyLimit } from "./concurrency-limit.ts";
import { deadline } from "./deadline.ts";
import { deserialize } from "./deserialize.ts";
import { errorMapper } from "./error-mapper.ts";
import { fallback } from "./fallback.ts";
import { hedge } from "./hedge.ts";
import type { Pairs } from "./kit.ts";
import { metrics } from "./metrics.ts";
import { policy } from "./policy.ts";
import { retry } from "./retry.ts";
import { serialize } from "./serialize.ts";
import { sign } from "./sign.ts";
import { singleFlight } from "./single-flight.ts";
import { socketTimeout } from "./socket-timeout.ts";
import { HALVES, split } from "./split.ts";

/** For each layer, what it must do together with each of those inside of it. */
const TABLE: Readonly<Record<string, Pairs>> = {
  metrics,
  deadline,
  fallback,
  policy,
  serialize,
  singleFlight,
  retry,
  hedge,
  split,
  circuitBreaker,
  concurrencyLimit,
  attemptMetrics,
  sign,
  socketTimeout,
  errorMapper,
  deserialize,
};

/** The layers of a client that has all of them, outermost first. */
function layersOf(): string[] {
  const { middlewareStack } = new SageMakerRuntimeClient({
    region: "eu-west-1",
    metrics: { registry: new Registry() },
    fallback: { alternatives: [{ variant: "green" }] },
    singleFlight: true,
    hedge: {},
    split: HALVES,
    chaos: { rules: [] },
  });
  middlewareStack.use(factories.policy({ execute: (run, signal) => run({ signal }) }));
  return middlewareStack.identify().map((entry) => entry.split(" ")[0] ?? "");
}

describe("the table of pairs", () => {
  const layers = layersOf();

  it("knows every layer there is: none is left out of the client that it is made of", () => {
    // The metrics layer stands at two places, under two names; the trace of a Lambda invocation is a header, and on there alone.
    const { lambdaTrace: _, ...others } = factories;
    expect(layers.filter((name) => name !== "attemptMetrics").sort()).toEqual(Object.keys(others).sort());
  });

  it("has a row for each pair of layers, and no other", () => {
    const pairs = layers.flatMap((outer, index) =>
      layers.slice(index + 1).map((inner) => `${outer} x ${inner}`),
    );
    const rows = Object.entries(TABLE).flatMap(([outer, inners]) =>
      Object.keys(inners).map((inner) => `${outer} x ${inner}`),
    );
    expect(rows.sort()).toEqual(pairs.sort());
  });
});

describe.each(Object.entries(TABLE))("%s x", (_, inners) => {
  const rows = Object.entries(inners).map(([inner, [must, run]]) => [inner, must, run] as const);
  it.each(rows)("%s: %s", (_inner, _must, run) => run());
});
