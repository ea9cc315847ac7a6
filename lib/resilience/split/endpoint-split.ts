import type { Attempt, AttemptListener } from "../../attempt.ts";
import type { Clock } from "../../clock.ts";
import type { OutlierSettings, SplitSettings } from "./settings.ts";
import { SplitVariant } from "./split-variant.ts";

/**
 * The step of the sequence that choices are made by: the golden ratio, whose multiples spread over 0 to 1 as evenly
 * as any, from wherever they begin.
 */
const GOLDEN_STEP = (Math.sqrt(5) - 1) / 2;

/** The sum of three tenths is a little more than 0.3: what differs by no more than this share is the same. */
const ROUNDING = 1e-9;

/** A refusing breaker is asked again at least as often, in milliseconds: it may have been closed by hand. */
const MAX_AVOID_MS = 1_000;

/**
 * The split of one endpoint: which variant the next attempt goes to, and which are out because they fail.
 *
 * The choice is no coin toss. Each variant gets its share of any few attempts in a row, not only of many: a canary
 * with a tenth of the weight has one attempt in each ten or so. Processes begin at different places, so that those
 * which make few calls keep to the shares all together.
 */
export class EndpointSplit implements AttemptListener {
  readonly endpoint: string;
  readonly variants: readonly SplitVariant[];
  readonly #byName = new Map<string, SplitVariant>();
  readonly #maxMissing: number;
  readonly #totalWeight: number;
  readonly #outliers: OutlierSettings | undefined;
  readonly #clock: Clock;
  #position: number;

  /** @param previous whose knowledge of variants of the same name it goes on with */
  constructor(endpoint: string, settings: SplitSettings, previous?: EndpointSplit) {
    const { weights, outliers, maxEjectedShare, random, clock } = settings;
    this.#clock = clock;
    this.endpoint = endpoint;
    for (const [name, weight] of weights.get(endpoint) ?? []) {
      const variant = new SplitVariant(endpoint, name, weight, outliers, random);
      const known = previous === undefined ? undefined : previous.#byName.get(name);
      if (known !== undefined) variant.takeOver(known, clock.now());
      this.#byName.set(name, variant);
    }
    this.variants = [...this.#byName.values()];
    this.#totalWeight = this.variants.reduce((sum, { weight }) => sum + weight, 0);
    this.#maxMissing = (maxEjectedShare + ROUNDING) * this.#totalWeight;
    this.#outliers = outliers;
    this.#position = random();
    if (previous !== undefined) this.#bringBack(clock.now());
  }

  /**
   * The variant for an attempt that begins now.
   *
   * @param refusedBy variants whose breakers have refused this attempt already
   */
  choose(now: number, refusedBy?: readonly SplitVariant[]): SplitVariant {
    this.#position = (this.#position + GOLDEN_STEP) % 1;
    let rest = this.#position * this.#weigh(now, refusedBy);
    let last = this.variants[0]!;
    for (const variant of this.variants) {
      if (variant.inForce === 0) continue;
      last = variant;
      rest -= variant.inForce;
      if (rest < 0) break;
    }
    return last;
  }

  /** Takes note that the breaker of a variant refuses, and for how long it says so. */
  refused(variant: SplitVariant, now: number, retryAfterMs: number): void {
    variant.refusedUntil = now + Math.min(retryAfterMs, MAX_AVOID_MS);
  }

  /** Whether the others can take what the breaker of the last of these has refused. */
  spares(refusedBy: readonly SplitVariant[], now: number): boolean {
    const sum = this.#weigh(now, refusedBy);
    const weight = refusedBy.at(-1)?.inForce ?? 0;
    return weight === 0 || this.#makesRoom(weight, sum, now, refusedBy);
  }

  /** The share of the attempts that a variant gets now; 0 for one that is none of these. */
  shareOf(name: string): number {
    const sum = this.#weigh(this.#clock.now());
    return (this.#byName.get(name)?.inForce ?? 0) / sum;
  }

  /** A stream says how it went at its end. What came of other attempts meanwhile is seen beside it. */
  streamBegan(attempt: Attempt): void {
    const variant = this.#variantOf(attempt);
    if (variant?.isNews(attempt.startedAt)) variant.streamBegan(attempt);
  }

  /** What became of an attempt: on its variant, if it was one of these. */
  attemptEnded(attempt: Attempt): void {
    const { call, classification, startedAt, endedAt } = attempt;
    const variant = this.#variantOf(attempt);
    const wasStreaming = variant?.streamEnded(attempt) === true;
    if (variant !== undefined && !attempt.isRefused && attempt.kind !== "hedge")
      variant.limiter = call.limiter;
    if (variant === undefined || classification === undefined || !variant.isNews(startedAt)) return;
    const verdict = classification.breaker;
    if (verdict === "success") variant.succeeded(endedAt);
    if (verdict === "success" || verdict === "ignored") return;
    variant.failed(endedAt, wasStreaming);
    if (this.#outliers !== undefined && this.#isOutlier(variant, endedAt, this.#outliers)) {
      this.#eject(variant, attempt, this.#outliers);
    }
  }

  #variantOf({ target }: Attempt): SplitVariant | undefined {
    return target.variant === undefined ? undefined : this.#byName.get(target.variant);
  }

  #isOutlier(variant: SplitVariant, now: number, outliers: OutlierSettings): boolean {
    const most = 1 - this.#failureRatioBeside(variant, now);
    if (variant.failuresInARow >= outliers.consecutiveFailures) return most >= outliers.excessFailureRatio;
    const attempts = variant.attemptsAt(now);
    if (attempts < outliers.minimumAttempts) return false;
    return variant.failuresAt(now) / attempts - (1 - most) >= outliers.excessFailureRatio;
  }

  #failureRatioBeside(one: SplitVariant, now: number): number {
    let attempts = 0;
    let failures = 0;
    for (const variant of this.variants) {
      if (variant === one) continue;
      attempts += variant.attemptsAt(now);
      failures += variant.failuresAt(now);
    }
    return attempts === 0 ? 0 : failures / attempts;
  }

  #eject(variant: SplitVariant, { call, endedAt }: Attempt, outliers: OutlierSettings): void {
    const sum = this.#sumAt(endedAt);
    const weight = variant.weightAt(endedAt);
    const mayGo = this.#maySpare(weight, sum) || this.#makesRoom(weight, sum, endedAt, [variant]);
    if (mayGo) variant.eject(endedAt, outliers);
    // It is judged by what comes: each of its failures would be told again.
    else variant.forget(endedAt);
    call.recorder?.ejected(call, variant.name, mayGo);
  }

  /**
   * Has the variant come back before its time that has been away for longest, if the others can then do without a
   * weight. What it was taken out for is older than the failures of now: a deployment that takes one variant after the other
   * away would else have the second one keep its calls because of the first, which is well again.
   */
  #makesRoom(weight: number, sum: number, now: number, failing: readonly SplitVariant[]): boolean {
    const before = now - (this.#outliers?.windowMs ?? 0);
    let back: SplitVariant | undefined;
    let longest = before;
    for (const variant of this.variants) {
      const since = variant.awaySince(now);
      if (since === undefined || since > longest || this.#isRefusing(variant, now)) continue;
      if (failing.includes(variant)) continue;
      back = variant;
      longest = since;
    }
    if (back === undefined || !this.#maySpare(weight, sum + back.weight - back.weightAt(now))) return false;
    back.comeBack(now);
    return true;
  }

  /** By weights that have changed since, those that are away may be more than may be out: then the longest away come back. */
  #bringBack(now: number): void {
    const away = this.variants.filter((variant) => variant.awaySince(now) !== undefined);
    away.sort((one, other) => one.awaySince(now)! - other.awaySince(now)!);
    let sum = this.#sumAt(now);
    for (const variant of away) {
      if (this.#maySpare(0, sum)) return;
      sum += variant.weight - variant.weightAt(now);
      variant.comeBack(now);
    }
  }

  #sumAt(now: number): number {
    return this.variants.reduce((sum, variant) => sum + variant.weightAt(now), 0);
  }

  /** Sets the weight in force of each variant; gives their sum. */
  #weigh(now: number, refusedBy?: readonly SplitVariant[]): number {
    let sum = 0;
    for (const variant of this.variants) {
      variant.inForce = variant.weightAt(now);
      sum += variant.inForce;
    }
    for (const variant of this.variants) {
      const isRefusing = this.#isRefusing(variant, now) || refusedBy?.includes(variant) === true;
      if (!isRefusing || !this.#maySpare(variant.inForce, sum)) continue;
      sum -= variant.inForce;
      variant.inForce = 0;
    }
    return sum;
  }

  /**
   * Whether an attempt that begins now would be refused, or wait for its turn because the variant answers nothing. A limit
   * that is one for several variants does not say which.
   */
  #isRefusing(variant: SplitVariant, now: number): boolean {
    if (now < variant.refusedUntil) return true;
    const { limiter } = variant;
    if (limiter?.isHoldingBack !== true) return false;
    return !this.variants.some((other) => other !== variant && other.limiter === limiter);
  }

  /** Whether the others can do without a weight, of the sum that is in force. */
  #maySpare(weight: number, sum: number): boolean {
    const rest = sum - weight;
    return rest > this.#totalWeight * ROUNDING && this.#totalWeight - rest <= this.#maxMissing;
  }
}
