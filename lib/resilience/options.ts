import type { IBackoffFactory, IRetryBackoffContext } from "cockatiel";

/** How long a model that is being loaded is waited for, and how often it is asked. */
export interface WarmUpOptions {
  /**
   * How long a call waits for its model in all, in milliseconds. The deadline of the call ends it sooner.
   * @default 360_000 - the service loads a model of a multi-model endpoint for up to 360 s
   */
  maxWaitMs?: number;
  /**
   * Wait before the first question, in milliseconds; it doubles up to `maxDelayMs`, with jitter. A call that any
   * variant may answer begins with 100 ms, as long as most answers of its endpoint are others.
   * @default 1_000 - loading takes seconds at the least
   */
  initialDelayMs?: number;
  /** @default 10_000 - finding out late costs at most this much */
  maxDelayMs?: number;
}

/** Bounds what retries, and hedges where there are any, add to the load of an endpoint. */
export interface RetryBudgetOptions {
  /**
   * Retries per success, over the last `windowMs`.
   * @default 0.1 - a fleet then never sends more than about 1.1 attempts for each call
   */
  ratio?: number;
  /**
   * Retries per second that are allowed whatever the successes: what a quiet client retries with.
   * @default 1
   */
  minPerSecond?: number;
  /**
   * How long a success counts, in milliseconds. Short, because stored credit is what retry storms are made of.
   * @default 10_000
   */
  windowMs?: number;
}

/** `holdfast`: by what each failure means to this service · `awsSdk`: as the official client does. */
export type RetryMode = "holdfast" | "awsSdk";

export interface RetryOptions {
  /**
   * Which failures are tried again, and what bounds that. `"awsSdk"`: those of the official client's standard mode,
   * out of one quota for all endpoints; without `budget`, `warmUp`, `retryTimeouts`, `retryContainerOverload`.
   * @default "holdfast"
   */
  mode?: RetryMode;
  /**
   * Attempts of one call, including the first; waiting for a model to load does not count.
   * @default 3 - as the AWS SDK
   */
  maxAttempts?: number;
  /**
   * Back-off before a retry: any cockatiel back-off.
   * @default exponential with full jitter: 50 ms (1 s after throttling), doubled each time, up to 20 s
   */
  backoff?: IBackoffFactory<IRetryBackoffContext<unknown>>;
  /** One budget per endpoint. `false`: no budget, which is unsafe in an overload. */
  budget?: RetryBudgetOptions | false;
  /** `false`: ModelNotReadyException is given to the caller at once. */
  warmUp?: WarmUpOptions | false;
  /**
   * Whether an attempt that timed out is tried again. The model may still be working on it.
   * @default false - retrying what the server has not finished is how overloads become outages
   */
  retryTimeouts?: boolean;
  /**
   * Whether a ModelError is tried again when the container said that it is overloaded (429, 503, 507).
   * @default true
   */
  retryContainerOverload?: boolean;
}

export interface HedgeOptions {
  /**
   * Hedges for each attempt, at the most, beside a few to begin with: the load that hedging may add to a target.
   * Hedges are also paid from the budget of `retry`, which retries and hedges share.
   * @default 0.08 - within the tenth that the budget allows for both
   */
  maxExtraLoad?: number;
  /**
   * An attempt is hedged when it is slower than this share of its target's answers of late: from 0.5 to below 1.
   * Where few answers are known, the estimate errs on the short side, by no more than its standard error allows.
   * @default 1 - 0.9 x maxExtraLoad - what is slower is then nine tenths of what may be hedged, and a burst of slow
   * answers finds something left
   */
  quantile?: number;
  /**
   * No attempt is hedged sooner, in milliseconds, however fast the target is.
   * @default 10 - below it, what is slow is mostly this process or its network, and a hedge meets the same
   */
  minDelayMs?: number;
  /**
   * Answers of a target below which nothing is known of it, and nothing is hedged.
   * @default 30 - at a quantile of 0.928 it then rests on the three slowest
   */
  minimumSamples?: number;
  /**
   * How far back answers are looked at, in milliseconds: between one and two of these.
   * @default 60_000 - a process with one call in two seconds then knows its target
   */
  windowMs?: number;
  /**
   * Targets whose latencies are kept at once; beyond it, the least recently used is forgotten.
   * @default 1_024 - some 2 KB each
   */
  maxTargets?: number;
  /**
   * Production variants that may answer for each other, by endpoint: `{ churn: ["blue", "green"] }`. A hedge of a
   * call to one of them goes to the next, also where `split` chose it; one of a call that names no variant to any of
   * them, by `TargetVariant`, which overrides the weights of the endpoint. A call that names another variant, or an
   * inference component, is hedged where it was sent.
   * @default none - a hedge is sent as the first attempt was
   */
  variants?: Readonly<Record<string, readonly string[]>>;
}
