import type { Attempt, AttemptListener } from "../../attempt.ts";
import type { Call } from "../../call.ts";
import type { Classification } from "../../classify-table.ts";
import type { Breaker } from "./breaker.ts";
import type { Verdict } from "./breaker-state.ts";

/** How long timeouts are left to a limiter that paces, in milliseconds: some attempts with a timeout of 5 s or less. */
const LIMITERS_TURN_MS = 30_000;

/** An attempt that a breaker admitted, and is told of the end of. */
export class Admission implements AttemptListener {
  readonly #breaker: Breaker;
  readonly #permit: number;
  #state: "unanswered" | "streaming" | "settled" = "unanswered";

  constructor(breaker: Breaker, permit: number) {
    this.#breaker = breaker;
    this.#permit = permit;
  }

  /** A stream says how it went at its end, and at its head how slow. While probing its head is enough: others wait for it. */
  streamBegan({ headersAt, admittedAt }: Attempt): void {
    if (this.#state !== "unanswered") return;
    if (this.#breaker.state !== "closed") {
      this.#settle("success", headersAt - admittedAt);
      return;
    }
    this.#state = "streaming";
    this.#breaker.streamBegan(this.#permit, headersAt - admittedAt);
  }

  /**
   * From its permit on: waiting for one says nothing about how slow the target is. Nor does a stream that takes
   * long to be read: it answered with its head.
   */
  attemptEnded({ endedAt, headersAt, admittedAt, stream, classification, call }: Attempt): void {
    if (this.#state === "settled" || classification === undefined) return;
    const answeredAt = stream === undefined ? endedAt : headersAt;
    if (isInHand(call, classification)) this.#settle("ignored", 0);
    else this.#settle(classification.breaker, answeredAt - admittedAt);
  }

  #settle(verdict: Verdict, durationMs: number): void {
    const wasStreaming = this.#state === "streaming";
    this.#state = "settled";
    this.#breaker.settle(this.#permit, verdict, durationMs, wasStreaming);
  }
}

/**
 * Whether the limiter does already what an open breaker would: one attempt at a time asks an overloaded target. It lets
 * the others wait instead of refusing them, so that they are there when the target is. Only where that goes on for long
 * is the target down.
 */
function isInHand({ limiter }: Call, { breaker }: Classification): boolean {
  const pacingForMs = limiter?.pacingForMs;
  return breaker === "timeout" && pacingForMs !== undefined && pacingForMs < LIMITERS_TURN_MS;
}
