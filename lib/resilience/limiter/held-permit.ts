import type { Attempt, AttemptListener } from "../../attempt.ts";
import type { Classification } from "../../classify-table.ts";
import type { Outcome } from "../../outcome.ts";
import type { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import type { EndSign } from "./limit.ts";

/** A permit that goes back when its attempt has ended. */
export class HeldPermit implements AttemptListener {
  readonly #limiter: ConcurrencyLimiter;
  #permit: number;

  constructor(limiter: ConcurrencyLimiter, permit: number) {
    this.#limiter = limiter;
    this.#permit = permit;
  }

  /** How long a stream goes on is the model's affair: it is the head of an answer that load delays. */
  streamBegan({ admittedAt, headersAt }: Attempt): void {
    this.#permit = this.#limiter.answered(this.#permit, admittedAt, headersAt - admittedAt);
  }

  attemptEnded({ admittedAt, headersAt, endedAt, statusCode, call, classification, outcome }: Attempt): void {
    const latencyMs = (headersAt === 0 ? endedAt : headersAt) - admittedAt;
    const sign = signOf(classification, outcome, statusCode !== 0);
    this.#limiter.release(this.#permit, call.settings.fairnessKey, admittedAt, sign, latencyMs, endedAt);
  }
}

function signOf(
  end: Classification | undefined,
  outcome: Outcome | undefined,
  isHeard: boolean,
): EndSign | undefined {
  if (end?.isOverload === true) return end.breaker === "timeout" && !isHeard ? "silent" : "overloaded";
  return outcome === "ok" ? "answered" : undefined;
}
