import { ATTEMPT_KIND, CALL_PRIORITY, FALLBACK_KIND, OUTCOME } from "../../lib/metrics/closed-label.ts";
import { testBreaker } from "./breakers.ts";
import type { Exposition } from "./exposition.ts";
import { lookedAt } from "./fleet-views.ts";
import { testLimiter } from "./limiters.ts";
import { MetricsHarness } from "./metrics-harness.ts";
import { splitOf } from "./splits.ts";

/** What a client shows that has every layer on and to which everything has happened: each series that there can be. */
export async function fullExposition(): Promise<Exposition> {
  const metrics = new MetricsHarness();
  const { recorder } = metrics;
  for (const outcome of OUTCOME.values) {
    for (const kind of ATTEMPT_KIND.values) {
      const call = metrics.startCall();
      call.deadlineAt = call.startedAt + 1_000;
      const attempt = metrics.startAttempt(call, kind);
      await metrics.clock.advance(20);
      metrics.endAttempt(attempt, outcome, { variant: "blue" });
      recorder.retried(call, attempt, 50);
      recorder.callEnded(call, outcome, attempt);
    }
  }
  const call = metrics.startCall();
  recorder.hedgingBegan(call);
  recorder.fallbackBegan(call, FALLBACK_KIND.values);
  recorder.splitBegan(splitOf({ churn: { blue: 1, green: 1 } }));
  recorder.breakerCreated(testBreaker().breaker);
  recorder.breakerStoreAdded((await lookedAt("up")).view);
  recorder.limiterCreated(testLimiter(1).limiter);
  recorder.queued(call, 50);
  for (const priority of CALL_PRIORITY.values) {
    recorder.queueRejected(Object.assign(call, { settings: { ...call.settings, priority } }), "full");
  }
  return metrics.scrape();
}
