import type { LoadSign } from "./limit.ts";

/** Shortest time that a window covers, in milliseconds: a limit changes at most twice a second. */
const WINDOW_MS = 500;
/** Samples below which a window says nothing: one slow answer, or one refused, is no trend. */
const MIN_SAMPLES = 10;
/** A pause after which a window begins anew, in milliseconds: what came before it is old news. */
const STALE_AFTER_MS = 30_000;
/** Latencies kept for the median: the newest of the window. */
const KEPT_LATENCIES = 64;

/** What ended lately, until there is enough of it to decide on. */
export class SampleWindow {
  answered = 0;
  overloaded = 0;
  /** Answers to what started before the last cut. Failures are often faster: without these, the first would be all. */
  answeredFromBefore = 0;
  /** The most permits that were held when an attempt of this window started. */
  peakInFlight = 0;
  /** In flight now, and when the window began. */
  #inFlight = 0;
  #inFlightBefore = 0;
  readonly #latencies = new Float64Array(KEPT_LATENCIES);
  #openedAt: number;
  #lastSampleAt: number;

  constructor(now: number) {
    this.#openedAt = now;
    this.#lastSampleAt = now;
  }

  /**
   * @param inFlight permits that were held when it started
   * @param left attempts that are in flight after it
   */
  add(now: number, sign: LoadSign, latencyMs: number, inFlight: number, left = 0): void {
    if (now - this.#lastSampleAt > STALE_AFTER_MS) this.restart(now);
    this.#lastSampleAt = now;
    this.#inFlight = left;
    this.peakInFlight = Math.max(this.peakInFlight, inFlight);
    if (sign === "overloaded") {
      this.overloaded++;
    } else {
      this.#latencies[this.answered % KEPT_LATENCIES] = latencyMs;
      this.answered++;
    }
  }

  isComplete(now: number): boolean {
    return now - this.#openedAt >= WINDOW_MS && this.answered + this.overloaded >= MIN_SAMPLES;
  }

  /** The middle latency of what was answered: a few stragglers do not move it. 0 where nothing was. */
  medianMs(): number {
    const kept = Math.min(this.answered, KEPT_LATENCIES);
    return this.#latencies.slice(0, kept).sort()[kept >> 1] ?? 0;
  }

  /**
   * The share of attempts that met an overloaded target, once there are any. Those that are in flight beyond what was
   * before count as not overloaded: answers to them take longer than refusals.
   */
  overloadShare(): number {
    const risen = Math.max(0, this.#inFlight - this.#inFlightBefore);
    return this.overloaded / (this.answered + this.answeredFromBefore + this.overloaded + risen);
  }

  restart(now: number): void {
    this.answered = 0;
    this.overloaded = 0;
    this.answeredFromBefore = 0;
    this.#inFlightBefore = this.#inFlight;
    this.peakInFlight = 0;
    this.#openedAt = now;
    this.#lastSampleAt = now;
  }
}
