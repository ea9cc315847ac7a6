import type { Call } from "../call.ts";
import type { HedgeSuppression } from "../recorder.ts";
import { HedgeAllowance } from "./hedge-allowance.ts";
import type { HedgeSettings } from "./hedge-settings.ts";
import type { KeyedUnit } from "./keyed.ts";
import { LatencySketch, RELATIVE_ERROR } from "./latency-sketch.ts";
import { estimateTail } from "./tail-estimate.ts";

/** What is known of the latency of one target, and what may be spent on hedges there. Times are `Clock.now()`. */
export class HedgeState implements KeyedUnit {
  lastUsed = 0;
  #settings: HedgeSettings;
  readonly #latencies: LatencySketch;
  readonly #allowance: HedgeAllowance;

  constructor(settings: HedgeSettings, now: number) {
    this.#settings = settings;
    this.#latencies = new LatencySketch(settings.windowMs, now);
    this.#allowance = new HedgeAllowance(settings.maxExtraLoad, now);
  }

  /** Goes by other settings from now on, with what is known of the target. */
  retune(settings: HedgeSettings): void {
    this.#settings = settings;
    this.#latencies.windowMs = settings.windowMs;
    this.#allowance.share = settings.maxExtraLoad;
  }

  /** Takes note of an attempt that is no hedge. */
  attempted(now: number): void {
    this.#allowance.attempted(now);
  }

  /**
   * Takes note of how long such an attempt took, or, where a hedge was faster, took at least: left out, the
   * slow ones would be missing, and the quantile would sink with each hedge that won.
   */
  took(durationMs: number, now: number): void {
    this.#latencies.record(durationMs, now);
  }

  /**
   * How long an attempt may take before it is slow, in milliseconds; `undefined` while too little is known.
   *
   * It is the most that {@link estimateTail} may mean by what the sketch tells it. Where a target is steady, most of its answers lie within
   * the error of the estimate: hedging those would leave nothing for the slow ones.
   */
  slowAfterMs(now: number): number | undefined {
    const { minimumSamples, minDelayMs, quantile } = this.#settings;
    if (this.#latencies.count(now) < minimumSamples) return undefined;
    const estimateMs = estimateTail(this.#latencies, quantile, now) ?? 0;
    return Math.max(minDelayMs, estimateMs / (1 - RELATIVE_ERROR));
  }

  /**
   * Pays for a hedge of `call` at the target's allowance and at the budget that it shares with retries.
   *
   * @returns why there may be none, in which case nothing was paid
   */
  pay(call: Call, now: number): HedgeSuppression | undefined {
    if (call.isTargetOverloaded()) return "overload";
    if ((this.#latencies.quantile(0, now) ?? 0) >= call.deadlineAt - now) return "deadline";
    if (!this.#allowance.tryTake(now)) return "load";
    if (call.budget === undefined || call.budget.tryTake()) return undefined;
    this.#allowance.giveBack(now);
    return "budget";
  }

  /** Returns what was paid at `paidAt` for a hedge that was then not sent. */
  giveBack(call: Call, paidAt: number, now: number): void {
    this.#allowance.giveBack(now);
    call.budget?.giveBack(paidAt);
  }
}
