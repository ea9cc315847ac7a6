import type { Attempt } from "../attempt.ts";
import type { Call } from "../call.ts";
import { sleep } from "../cancellation.ts";
import { callCancellationError } from "../errors/cancellation-error.ts";
import type { RetryPlan, RetryStep } from "./retry-plan.ts";

/** Returns when the next attempt is due; throws the error of the call where there is none. */
export async function waitForRetry(
  plan: RetryPlan,
  call: Call,
  failed: Attempt,
  error: unknown,
): Promise<void> {
  // A layer between here and the transport may have failed on an answer that is still arriving.
  failed.stream?.close(error);
  const step = plan.next(failed, error);
  if (step.kind === "stop") {
    if (call.cancelled === undefined) call.recorder?.retrySuppressed(call, step.reason);
    throw failed.cancelled === undefined ? plan.errorOfCall(failed, error) : error;
  }
  const waitedFrom = call.clock.now();
  await take(step, call);
  const delayMs = call.clock.now() - waitedFrom;
  call.retryDelayMs += delayMs;
  plan.waited(failed, delayMs);
  if (call.cancelled === undefined) return;
  plan.giveBack();
  throw callCancellationError(call, error);
}

async function take(step: RetryStep, call: Call): Promise<void> {
  if (step.kind === "wait" && step.delayMs > 0) await sleep(call.clock, step.delayMs, call);
  if (step.kind === "gate") await call.gate?.wait(call, step.maxWaitMs, step.probeInMs);
}
