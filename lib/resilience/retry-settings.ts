import type { IBackoffFactory, IRetryBackoffContext } from "cockatiel";
import type { Seams } from "../seams.ts";
import { checkBoolean, checkInteger, checkKeys, checkMs, checkOneOf, invalidOption } from "../validate.ts";
import type { RetryMode, RetryOptions } from "./options.ts";
import { type RetryBudgetSettings, resolveBudget } from "./retry-budget.ts";
import { resolveWarmUpSchedule, type WarmUpSchedule } from "./warm-up.ts";

/** What a {@link RetryPlan} decides with, checked and with every default filled in. */
export interface RetrySettings extends Seams {
  readonly maxAttempts: number;
  readonly mode: RetryMode;
  readonly backoff: IBackoffFactory<IRetryBackoffContext<unknown>> | undefined;
  readonly budget: RetryBudgetSettings | undefined;
  readonly warmUp: (WarmUpSchedule & { readonly maxWaitMs: number }) | undefined;
  readonly retryTimeouts: boolean;
  readonly retryContainerOverload: boolean;
}

const MODES: readonly RetryMode[] = ["holdfast", "awsSdk"];

const KNOWN = [
  "maxAttempts",
  "mode",
  "backoff",
  "budget",
  "warmUp",
  "retryTimeouts",
  "retryContainerOverload",
];

/** @throws {RangeError} for an option out of range; {@link TypeError} for one that does not exist */
export function resolveRetry(options: RetryOptions, seams: Seams): RetrySettings {
  checkKeys("retry", options, KNOWN);
  const { budget = {}, warmUp = {}, backoff } = options;
  if (backoff !== undefined && typeof backoff?.next !== "function") {
    throw invalidOption("retry.backoff", "a cockatiel back-off, such as new ExponentialBackoff()", backoff);
  }
  return {
    ...seams,
    maxAttempts: checkInteger("retry.maxAttempts", options.maxAttempts ?? 3, 1),
    mode: checkMode(options),
    backoff,
    budget: budget === false || options.mode === "awsSdk" ? undefined : resolveBudget(budget),
    warmUp:
      warmUp === false
        ? undefined
        : {
            ...resolveWarmUpSchedule("retry.warmUp", warmUp, ["maxWaitMs"]),
            maxWaitMs: checkMs("retry.warmUp.maxWaitMs", warmUp.maxWaitMs ?? 360_000),
          },
    retryTimeouts: checkBoolean("retry.retryTimeouts", options.retryTimeouts ?? false),
    retryContainerOverload: checkBoolean(
      "retry.retryContainerOverload",
      options.retryContainerOverload ?? true,
    ),
  };
}

/** The mode of the official client has its own quota, and its own way with what the other options are about. */
function checkMode(options: RetryOptions): RetryMode {
  const mode = checkOneOf("retry.mode", options.mode ?? "holdfast", MODES);
  if (mode === "holdfast") return mode;
  for (const name of ["budget", "warmUp", "retryTimeouts", "retryContainerOverload"] as const) {
    if (options[name] === undefined) continue;
    throw new TypeError(`retry.${name} cannot be combined with mode: "awsSdk", which decides it`);
  }
  return mode;
}
