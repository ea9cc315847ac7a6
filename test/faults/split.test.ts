import { describe, expect, it, onTestFinished } from "vitest";
import { startLocalEndpoint } from "../../lib/local/index.ts";
import { failureOf, LoopbackClient } from "../support/loopback-client.ts";

const EJECT_MS = 30_000;
const SLOW_START_MS = 30_000;
const UNAVAILABLE = { type: "status", status: 503, code: "ServiceUnavailable" } as const;

/** Two variants of a local endpoint that draws by its own weights, all to blue; green fails its first calls. */
async function splitEndpoint(failures: number) {
  const answers = (name: string) => ({ name, container: () => ({ body: name }) });
  const endpoint = await startLocalEndpoint({
    variants: [
      { ...answers("blue"), weight: 1 },
      { ...answers("green"), weight: 0 },
    ],
    faults: {
      rules: failures === 0 ? [] : [{ match: { variant: "green", times: failures }, fault: UNAVAILABLE }],
    },
  });
  onTestFinished(() => endpoint.close());
  const caller = new LoopbackClient(endpoint.url, {
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    retry: false,
    random: () => 0.5,
    split: {
      weights: { churn: { blue: 0.75, green: 0.25 } },
      outliers: { consecutiveFailures: 5, ejectMs: EJECT_MS, slowStartMs: SLOW_START_MS },
    },
  });
  // The first signature is refused for its date: the fake clock stands elsewhere, and learns so.
  await failureOf(caller.invoke({}, { TargetVariant: "blue" }));
  return caller;
}

/** Who answers so many calls, and how many are lost. */
async function count(caller: LoopbackClient, calls: number) {
  const counts = { blue: 0, green: 0, lost: 0 };
  for (let i = 0; i < calls; i++) {
    try {
      const { InvokedProductionVariant: by } = await caller.invoke();
      counts[by as "blue" | "green"]++;
    } catch {
      counts.lost++;
    }
  }
  return counts;
}

/** Of 40 calls to green, give or take one. */
function expectAQuarter({ green, lost }: Awaited<ReturnType<typeof count>>) {
  expect(lost).toBe(0);
  expect(Math.abs(green - 10)).toBeLessThanOrEqual(1);
}

describe("a split over the variants of a local endpoint", () => {
  it("goes by its own weights, and not by those of the endpoint", async () => {
    expectAQuarter(await count(await splitEndpoint(0), 40));
  });

  it("shifts calls from a variant that fails, and lets it back slowly", async () => {
    const caller = await splitEndpoint(5);
    const during = await count(caller, 60);
    expect(during).toEqual({ blue: 55, green: 0, lost: 5 });
    expect(await caller.metric("ejections_total", { variant: "green" })).toBe(1);
    expect(await caller.metric("requests_total", { variant: "green", outcome: "server_error" })).toBe(5);

    await caller.clock.advance(EJECT_MS);
    const atFirst = await count(caller, 80);
    expect(atFirst.lost).toBe(0);
    expect(atFirst.green).toBeGreaterThanOrEqual(1);
    expect(atFirst.green).toBeLessThanOrEqual(4);

    await caller.clock.advance(SLOW_START_MS / 2);
    expect(await caller.metric("split_share_ratio", { variant: "green" })).toBeCloseTo(0.1375 / 0.8875);
    await caller.clock.advance(SLOW_START_MS / 2);
    expectAQuarter(await count(caller, 40));
  });
});
