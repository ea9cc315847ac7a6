import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limiterCommands } from "./limiter-commands.ts";
import { drain, Model, System } from "./limiter-model.ts";

describe("a limiter, whatever is done to it", () => {
  it("keeps to its limit, its queue and its order, and ends every wait", { timeout: 60_000 }, async () => {
    const algorithms = fc.constantFrom("gradient" as const, "aimd" as const, "vegas" as const);
    const queues = fc.integer({ min: 0, max: 6 });
    await fc.assert(
      fc.asyncProperty(limiterCommands, algorithms, queues, async (commands, algorithm, maxQueue) => {
        const model = new Model();
        const real = new System({ algorithm, initial: 5, max: 12, maxQueue, queueTimeoutMs: 1_000 });
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await drain(model, real);
      }),
      { numRuns: 200 },
    );
  });

  it("gives each of the tenants that want more the same number of permits", async () => {
    const small = fc.integer({ min: 2, max: 6 });
    const greed = fc.integer({ min: 1, max: 30 });
    await fc.assert(
      fc.asyncProperty(small, small, greed, async (tenants, limit, waitingOfFirst) => {
        const { limiter } = new System({ algorithm: "fixed", initial: limit, maxQueue: 1_000 });
        const grants: number[] = Array(tenants).fill(0);
        const held: number[] = [];
        const join = async (tenant: number): Promise<void> => {
          const end = await limiter.enqueue("standard", `tenant-${tenant}`)?.end;
          if (typeof end !== "number") return;
          grants[tenant]!++;
          held.push(tenant);
          void join(tenant);
        };
        // The first one was there first: it has all permits, and more calls waiting than anybody else.
        for (let i = 0; i < limit; i++) {
          limiter.tryAcquire("tenant-0");
          held.push(0);
        }
        for (let i = 0; i < waitingOfFirst; i++) void join(0);
        for (let tenant = 1; tenant < tenants; tenant++) void join(tenant);
        for (let i = 0; i < 50 * tenants; i++) {
          limiter.release(1, `tenant-${held.shift()}`, 0, undefined, 0);
          await new Promise((resolve) => process.nextTick(resolve));
        }
        expect(Math.max(...grants) - Math.min(...grants)).toBeLessThanOrEqual(limit + 1);
      }),
      { numRuns: 60 },
    );
  });
});
