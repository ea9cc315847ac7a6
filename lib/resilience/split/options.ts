/** When a variant is taken out because it fails more than the others do, and how it comes back. */
export interface OutlierOptions {
  /**
   * Failures in a row after which a variant is an outlier. A stream that begins ends a row of failures without an
   * answer.
   * @default 5 - a canary with few calls is found out soon
   */
  consecutiveFailures?: number;
  /**
   * How much larger the share of failures must be than that of the other variants together, from 0 to 1, for a variant
   * to be an outlier; of failures in a row, the share counts as 1. Where all fail alike, none is: taking one out would
   * only put its load on the rest.
   * @default 0.3
   */
  excessFailureRatio?: number;
  /**
   * Attempts within the window below which a share of failures says nothing.
   * @default 20
   */
  minimumAttempts?: number;
  /** How far back attempts are looked at, in milliseconds. @default 10_000 */
  windowMs?: number;
  /**
   * How long a variant is out the first time, in milliseconds; the second time in a row twice as long, and so on, with
   * 10 % jitter so that a fleet does not come back in step. As long without another one, and it counts one less. Where
   * another variant fails and no more may be out, the one that has been away for longest comes back before its time, after
   * `windowMs` at the soonest, and with all of its weight.
   * @default 30_000
   */
  ejectMs?: number;
  /** @default 300_000 */
  maxEjectMs?: number;
  /**
   * For how long afterwards the weight of the variant grows back, in milliseconds, from a tenth of it. 0: at once.
   * @default 30_000 - caches and compilers of a model that comes back are cold
   */
  slowStartMs?: number;
}

export interface SplitOptions {
  /**
   * The weights of the production variants, by endpoint: `{ churn: { blue: 0.9, green: 0.1 } }`. They are relative to
   * each other, and override the weights of the endpoint. Calls to other endpoints are not split.
   */
  weights: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /**
   * The share of the weight that may be out at any time: of outliers, of variants on their way back, and of those whose
   * circuit breaker refuses or whose limit spaces the starts, because they answer nothing. Beyond it a failing variant keeps
   * its calls, because the rest could not take them.
   * @default 0.5 - the others then have at most twice their share
   */
  maxEjectedShare?: number;
  /** `false`: only an open circuit breaker takes calls from a variant. */
  outliers?: OutlierOptions | false;
}
