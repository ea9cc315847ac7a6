import { checkKeys, checkMs, checkObject, invalidOption } from "../validate.ts";
import type { WarmUpOptions } from "./options.ts";

/** How often a loading model is asked. */
export interface WarmUpSchedule {
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * @param scope the option that holds them
 * @param more further options that are known there
 * @throws {RangeError} for an option out of range; {@link TypeError} for one that does not exist
 */
export function resolveWarmUpSchedule(
  scope: string,
  options: WarmUpOptions,
  more: string[] = [],
): WarmUpSchedule {
  checkObject(scope, options);
  checkKeys(scope, options, ["initialDelayMs", "maxDelayMs", ...more]);
  const { initialDelayMs = 1_000, maxDelayMs = 10_000 } = options;
  checkMs(`${scope}.initialDelayMs`, initialDelayMs);
  checkMs(`${scope}.maxDelayMs`, maxDelayMs);
  if (maxDelayMs < initialDelayMs) {
    throw invalidOption(`${scope}.maxDelayMs`, `at least initialDelayMs (${initialDelayMs})`, maxDelayMs);
  }
  return { initialDelayMs, maxDelayMs };
}

/**
 * Wait before question `n` (from 0): doubling, with the upper half of it at random. Never near 0, unlike
 * full jitter: a model that needs seconds must not be asked at once.
 */
export function warmUpDelayMs(schedule: WarmUpSchedule, n: number, random: () => number): number {
  const ceiling = Math.min(schedule.initialDelayMs * 2 ** n, schedule.maxDelayMs);
  return ceiling * (0.5 + 0.5 * random());
}
