import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { testBreaker } from "../support/breakers.ts";
import { MetricsHarness } from "../support/metrics-harness.ts";

const { error: missing } = spawnSync("promtool", ["--version"]);

async function busyExposition(): Promise<string> {
  const metrics = new MetricsHarness();
  metrics.recorder.breakerCreated(testBreaker().breaker);
  for (const outcome of ["ok", "server_error", "rejected_breaker", "cancelled"] as const) {
    const call = metrics.startCall();
    call.deadlineAt = call.startedAt + 1_000;
    const attempt = metrics.startAttempt(call);
    await metrics.clock.advance(20);
    metrics.endAttempt(attempt, outcome, { variant: "blue" });
    metrics.recorder.retried(call, attempt, 50);
    metrics.recorder.retrySuppressed(call, "budget");
    metrics.recorder.callEnded(call, outcome, attempt);
  }
  return metrics.registry.metrics();
}

if (missing === undefined) {
  describe("promtool", () => {
    it("finds nothing to complain about in names, types, help and format", async () => {
      const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
        input: await busyExposition(),
        encoding: "utf8",
      });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    });
  });
} else {
  describe("promtool is not installed, so names and format were not checked by it", () => {
    it("and nothing but its absence is the reason", () => {
      expect(missing).toMatchObject({ code: "ENOENT" });
    });
  });
}
