import { type Target, targetOf } from "../../target.ts";
import type { OverloadSignal } from "../overload-signal.ts";
import { TimeWindow } from "../time-window.ts";
import type { OutlierSettings } from "./settings.ts";

/** The share of its weight that a variant comes back with. */
const SLOW_START_FROM = 0.1;

/** Share by which the times that variants are out differ from process to process. */
const EJECT_JITTER = 0.1;

/** One production variant of a split: its weight now, and what is known of its failures. Times are `Clock.now()`. */
export class SplitVariant {
  readonly name: string;
  readonly weight: number;
  /** The variant as a whole; for calls that name a model or container there are others. */
  readonly target: Target;
  /** The weight at the last look at all variants together. */
  inForce = 0;
  /** Until when its circuit breaker is known to refuse. */
  refusedUntil = 0;
  /** That of the last attempt which ended. */
  limiter: OverloadSignal | undefined;
  readonly #outliers: OutlierSettings | undefined;
  readonly #random: () => number;
  #ejectedAt = Number.NEGATIVE_INFINITY;
  /** Attempts of before say nothing about it now. */
  #ejectedUntil = Number.NEGATIVE_INFINITY;
  /** From when on it has all of its weight again. */
  #wholeFrom = Number.NEGATIVE_INFINITY;
  #timesEjected = 0;
  /** Failures since the last success; those without an answer, since the last answer. */
  #brokenInARow = 0;
  #unansweredInARow = 0;
  #window: TimeWindow;
  /** Attempts whose streams have begun and not ended: until then they count as not failed. */
  readonly #streaming = new Set<object>();

  constructor(
    endpoint: string,
    name: string,
    weight: number,
    outliers: OutlierSettings | undefined,
    random: () => number,
  ) {
    this.name = name;
    this.weight = weight;
    this.target = targetOf({ EndpointName: endpoint, TargetVariant: name });
    this.limiter = undefined;
    this.#outliers = outliers;
    this.#random = random;
    this.#window = this.#newWindow(0);
  }

  /** Goes on with what another one of its name has seen, and stays out for as long. */
  takeOver(previous: SplitVariant, now: number): void {
    this.refusedUntil = previous.refusedUntil;
    this.limiter = previous.limiter;
    // Where none is taken out, none is out.
    if (this.#outliers === undefined) return;
    this.#ejectedAt = previous.#ejectedAt;
    this.#ejectedUntil = previous.#ejectedUntil;
    this.#wholeFrom = previous.#wholeFrom;
    this.#timesEjected = previous.#timesEjected;
    this.#brokenInARow = previous.#brokenInARow;
    this.#unansweredInARow = previous.#unansweredInARow;
    this.#window = this.#newWindow(now).takeOver(previous.#window, now);
  }

  /** Its weight, but for breakers and for what the others leave it: 0 while it is out, then a growing share. */
  weightAt(now: number): number {
    if (now >= this.#wholeFrom) return this.weight;
    if (now < this.#ejectedUntil) return 0;
    const share = (now - this.#ejectedUntil) / (this.#wholeFrom - this.#ejectedUntil);
    return this.weight * (SLOW_START_FROM + (1 - SLOW_START_FROM) * share);
  }

  /** Whether what became of an attempt is news: those that began before it came back are of the old days. */
  isNews(startedAt: number): boolean {
    return startedAt >= this.#ejectedUntil;
  }

  /** Takes note that it answered an attempt by a stream, of which {@link succeeded} or {@link failed} is to tell. */
  streamBegan(attempt: object): void {
    this.#streaming.add(attempt);
    this.#unansweredInARow = 0;
  }

  /** Whether the stream of an attempt had begun. */
  streamEnded(attempt: object): boolean {
    return this.#streaming.delete(attempt);
  }

  succeeded(now: number): void {
    this.#brokenInARow = 0;
    this.#unansweredInARow = 0;
    this.#window.addGood(now);
  }

  /** @param wasStreaming whether it broke a stream that had begun: the beginning of another one is no cure for that */
  failed(now: number, wasStreaming = false): void {
    if (wasStreaming) this.#brokenInARow++;
    else this.#unansweredInARow++;
    this.#window.addBad(now);
  }

  get failuresInARow(): number {
    return this.#brokenInARow + this.#unansweredInARow;
  }

  attemptsAt(now: number): number {
    return this.#window.good(now) + this.#window.bad(now) + this.#streaming.size;
  }

  failuresAt(now: number): number {
    return this.#window.bad(now);
  }

  /** Takes it out. The longer it then does well, the fewer of the earlier times count. */
  eject(now: number, { ejectMs, maxEjectMs }: OutlierSettings): void {
    const timesForgotten = Math.floor((now - this.#ejectedUntil) / ejectMs);
    this.#timesEjected = Math.max(0, this.#timesEjected - timesForgotten) + 1;
    const jitter = 1 + EJECT_JITTER * (2 * this.#random() - 1);
    this.#ejectedAt = now;
    this.#ejectedUntil = now + jitter * Math.min(ejectMs * this.#timesEjected, maxEjectMs);
    this.#wholeFrom = this.#ejectedUntil + (this.#outliers?.slowStartMs ?? 0);
    this.forget(now);
  }

  /** Since when it has had less than its weight; `undefined`: it has all of it. */
  awaySince(now: number): number | undefined {
    return now < this.#wholeFrom ? this.#ejectedAt : undefined;
  }

  /** Gives it all of its weight, before its time. */
  comeBack(now: number): void {
    this.#ejectedUntil = Math.min(this.#ejectedUntil, now);
    this.#wholeFrom = now;
  }

  /** Forgets what it has done: it is judged anew. */
  forget(now: number): void {
    this.#brokenInARow = 0;
    this.#unansweredInARow = 0;
    this.#streaming.clear();
    this.#window = this.#newWindow(now);
  }

  #newWindow(now: number): TimeWindow {
    return new TimeWindow(this.#outliers?.windowMs ?? 1, now);
  }
}
