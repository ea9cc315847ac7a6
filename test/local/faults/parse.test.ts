import { describe, expect, it } from "vitest";
import { type FaultScript, parseFaultScript } from "../../../lib/local/index.ts";

/** One rule of every type, each with every field. */
const EVERYTHING: FaultScript = {
  rules: [
    {
      match: {
        endpoint: "churn",
        variant: "a",
        operation: "InvokeEndpoint",
        targetModel: "m.tar.gz",
        afterMs: 0,
        forMs: 8_000,
        every: 2,
        rate: 0.05,
        times: 3,
      },
      fault: {
        type: "status",
        status: 530,
        code: "InternalDependencyException",
        message: "m",
        retryAfterMs: 0,
        body: "",
        contentType: "text/plain",
        originalStatusCode: 507,
        originalMessage: "o",
      },
    },
    { match: { rate: 0 }, fault: { type: "notReady", message: "soon" } },
    { match: {}, fault: { type: "latency", distribution: "fixed", ms: 0.5 } },
    { fault: { type: "latency", distribution: "uniform", minMs: 1, maxMs: 1 } },
    { fault: { type: "latency", distribution: "normal", meanMs: 50, standardDeviationMs: 5 } },
    { fault: { type: "latency", distribution: "exponential", meanMs: 50 } },
    {
      fault: {
        type: "latency",
        distribution: "percentiles",
        points: [
          { percentile: 50, ms: 20 },
          { percentile: 99.9, ms: 20 },
        ],
      },
    },
    { fault: { type: "reset", afterBytes: 0 } },
    { fault: { type: "stall", afterBytes: 10 } },
    { fault: { type: "truncate" } },
    { fault: { type: "slowBytes", bytesPerSecond: 1_000 } },
    { fault: { type: "closeKeepAlive", when: "idle" } },
  ],
};

const rule = (fault: unknown, match: unknown = {}) => ({
  rules: [{ fault: { type: "reset" } }, { match, fault }],
});

describe("parseFaultScript", () => {
  it("gives a good script back as it is", () => {
    expect(parseFaultScript(JSON.parse(JSON.stringify(EVERYTHING)))).toEqual(EVERYTHING);
  });

  it.each([
    [undefined, "fault script must be an object, got undefined"],
    [[], "fault script must be an object, got an array of 0"],
    [{}, "rules must be a list of fault rules, got undefined"],
    [{ rules: {} }, "rules must be a list of fault rules, got an object (Object)"],
    [{ rules: [], seed: 1 }, "fault script.seed is not an option; known here: rules"],
    [{ rules: [null] }, "rules[0] must be an object, got null"],
    [{ rules: [{}] }, "rules[0].fault must be an object, got undefined"],
    [{ rules: [{ when: 1 }] }, "rules[0].when is not an option; known here: match, fault"],
    [
      rule({ type: "explode" }),
      'rules[1].fault.type must be one of "status", "notReady", "reset", "stall", "truncate", "slowBytes", ' +
        '"closeKeepAlive", "latency", got "explode"',
    ],
    [
      rule({ type: "status" }),
      "rules[1].fault.status must be a whole number of at least 200 and at most 599, got undefined",
    ],
    [
      rule({ type: "status", status: 600 }),
      "rules[1].fault.status must be a whole number of at least 200 and at most 599, got 600",
    ],
    [
      rule({ type: "reset", after: 1 }),
      "rules[1].fault.after is not an option; known here: type, afterBytes",
    ],
    [
      rule({ type: "status", status: 503, code: "a\r\nb" }),
      'rules[1].fault.code must be a text of printable ASCII characters, got "a\\r\\nb"',
    ],
    [
      rule({ type: "slowBytes", bytesPerSecond: 0 }),
      "rules[1].fault.bytesPerSecond must be a whole number of at least 1, got 0",
    ],
    [
      rule({ type: "closeKeepAlive", when: "never" }),
      'rules[1].fault.when must be one of "nextRequest", "idle", got "never"',
    ],
    [
      rule({ type: "latency", ms: 5 }),
      'rules[1].fault.distribution must be one of "fixed", "uniform", "normal", "exponential", "percentiles", got undefined',
    ],
    [
      rule({ type: "latency", distribution: "fixed", ms: -1 }),
      "rules[1].fault.ms must be a number of milliseconds from 0 to 86400000, got -1",
    ],
    [
      rule({ type: "latency", distribution: "uniform", minMs: 5, maxMs: 4 }),
      "rules[1].fault.maxMs must be at least minMs (5), got 4",
    ],
    [
      rule({ type: "latency", distribution: "percentiles", points: [] }),
      "rules[1].fault.points must be a list of at least one { percentile, ms }, got an array of 0",
    ],
    [
      rule({ type: "latency", distribution: "percentiles", points: [{ percentile: 101, ms: 1 }] }),
      "rules[1].fault.points[0].percentile must be a number from 0 to 100, got 101",
    ],
    [
      rule({
        type: "latency",
        distribution: "percentiles",
        points: [
          { percentile: 50, ms: 5 },
          { percentile: 50, ms: 6 },
        ],
      }),
      "rules[1].fault.points[1].percentile must be above the one before it (50), got 50",
    ],
    [
      rule({
        type: "latency",
        distribution: "percentiles",
        points: [
          { percentile: 50, ms: 5 },
          { percentile: 60, ms: 4 },
        ],
      }),
      "rules[1].fault.points[1].ms must be at least the one before it (5), got 4",
    ],
    [rule({ type: "reset" }, { rate: 1.5 }), "rules[1].match.rate must be a number from 0 to 1, got 1.5"],
    [
      rule({ type: "reset" }, { times: 0 }),
      "rules[1].match.times must be a whole number of at least 1, got 0",
    ],
    [
      rule({ type: "reset" }, { forMs: "8s" }),
      'rules[1].match.forMs must be a whole number of at least 1, got "8s"',
    ],
    [
      rule({ type: "reset" }, { endpoint: "" }),
      'rules[1].match.endpoint must be a text that is not empty, got ""',
    ],
    [
      rule({ type: "reset" }, { operation: "Invoke" }),
      'rules[1].match.operation must be one of "InvokeEndpoint", "InvokeEndpointAsync", ' +
        '"InvokeEndpointWithResponseStream", got "Invoke"',
    ],
    [
      rule({ type: "reset" }, { endpointName: "x" }),
      "rules[1].match.endpointName is not an option; known here: endpoint, variant, targetModel, operation, afterMs, " +
        "forMs, every, rate, times",
    ],
  ])("says in one line what is wrong with %j", (script, message) => {
    expect(messageOf(() => parseFaultScript(script))).toBe(message);
  });
});

function messageOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}
