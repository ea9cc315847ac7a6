import type { Target } from "../target.ts";
import { NotSentError } from "./local-errors.ts";

/** `queueFull`: there was no place in the queue; `shed`: another call was given the place. */
export type LimitRefusal = "queueFull" | "shed";

/**
 * The target has as much to do as it can take, and so has the queue for it. Nothing was sent, and nothing is
 * tried again: the queue is as full a moment later.
 */
export class ConcurrencyLimitError extends NotSentError {
  override readonly name = "ConcurrencyLimitError";
  readonly endpoint: string;
  /** The variant that the call named, if it named one. */
  readonly variant: string | undefined;
  readonly refusal: LimitRefusal;
  /** Attempts that may be in flight to the target now. */
  readonly limit: number;
  /** When a call would likely be let through, in milliseconds from now: an estimate. */
  readonly retryAfterMs: number;

  constructor(
    target: Target,
    refusal: LimitRefusal,
    limit: number,
    retryAfterMs: number,
    options?: ErrorOptions,
  ) {
    const part = target.variant ?? target.component ?? target.model ?? target.container;
    const name = part === undefined ? target.endpoint : `${target.endpoint} (${part})`;
    super(`${name} is at its limit of ${limit} in flight, and ${REFUSAL_TEXT[refusal]}`, options);
    this.endpoint = target.endpoint;
    this.variant = target.variant;
    this.refusal = refusal;
    this.limit = limit;
    this.retryAfterMs = retryAfterMs;
  }
}

const REFUSAL_TEXT: Record<LimitRefusal, string> = {
  queueFull: "its queue is full",
  shed: "the place in its queue was given to another call",
};
