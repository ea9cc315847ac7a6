import type { QueueRejection } from "../recorder.ts";
import type { ConcurrencyLimiter } from "../resilience/limiter/concurrency-limiter.ts";
import type { CallPriority } from "../resilience/limiter/priority.ts";
import type { Buckets } from "./buckets.ts";
import { CALL_PRIORITY, QUEUE_REJECTION } from "./closed-label.ts";
import { Counts } from "./counts.ts";
import { Histogram } from "./histogram.ts";
import type { Labels } from "./sample.ts";

/** The limits of one endpoint and the queues for them: one of each per target, and per client. */
export class QueueCells {
  /** How long attempts waited, in seconds. */
  readonly wait: Histogram;
  readonly rejections: Readonly<Record<CallPriority, Counts<QueueRejection>>> = {
    critical: new Counts(QUEUE_REJECTION),
    standard: new Counts(QUEUE_REJECTION),
    sheddable: new Counts(QUEUE_REJECTION),
  };
  /** Whether a limiter is or was counted here: an endpoint that never had one has no such series. */
  isLimited = false;
  /** Their limits and queues are read from them at a scrape. */
  readonly #limiters = new Set<ConcurrencyLimiter>();

  constructor(buckets: Buckets, labels: Labels) {
    this.wait = new Histogram(buckets, labels);
  }

  add(limiter: ConcurrencyLimiter): void {
    this.isLimited = true;
    this.#limiters.add(limiter);
  }

  remove(limiter: ConcurrencyLimiter): void {
    this.#limiters.delete(limiter);
  }

  /** Whether there is one now: without, a limit of 0 would say that nothing may be in flight. */
  get isLimiting(): boolean {
    return this.#limiters.size > 0;
  }

  limit(): number {
    let sum = 0;
    for (const limiter of this.#limiters) sum += limiter.limit;
    return sum;
  }

  /** Limiters that space starts now. */
  pacing(): number {
    let count = 0;
    for (const { pacingForMs } of this.#limiters) if (pacingForMs !== undefined) count++;
    return count;
  }

  depth(): number {
    let sum = 0;
    for (const limiter of this.#limiters) sum += limiter.waiting;
    return sum;
  }

  clearRejections(): void {
    for (const priority of CALL_PRIORITY.values) this.rejections[priority].clear();
  }
}
