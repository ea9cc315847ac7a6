import { checkObject, invalidOption, isOptions, show } from "../validate.ts";
import type { SageMakerRuntimeClientConfig } from "./client-config.ts";
import { HONOURED_OPTIONS } from "./option-names.ts";
import { RESILIENCE_OPTIONS, type ResilienceOptions } from "./resilience-config.ts";

/** Groups that hold functions and stores beside numbers. */
const WITH_CODE = ["retry", "circuitBreaker", "concurrencyLimit"] as const;

/** Options that may hold a secret: an endpoint, a password or a token in its URL. */
const UNSHOWN: readonly string[] = ["credentials", "endpoint"];

/**
 * The options of a client after a change. What is given takes the place of what was there, as a whole; what is not
 * given stays, and so does what no file can say: functions, back-offs and stores of a group stay unless another one
 * is given.
 *
 * @throws {TypeError} for an option that cannot be changed
 */
export function changedOptions(
  before: SageMakerRuntimeClientConfig,
  changes: ResilienceOptions,
): SageMakerRuntimeClientConfig {
  checkObject("reconfigure: the change", changes);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  for (const name of Object.keys(given)) checkCanChange(name, before, given);
  const after: SageMakerRuntimeClientConfig = { ...before, ...given };
  for (const group of WITH_CODE) {
    if (group in given) Object.assign(after, { [group]: withCodeOf(before[group], after[group]) });
  }
  if (changes.timeouts !== undefined) replaceTimeouts(before, after);
  // The two say the same: the newer one counts.
  if (changes.retry !== undefined && changes.maxAttempts === undefined && saysAttempts(changes.retry)) {
    after.maxAttempts = undefined;
  }
  if (changes.maxAttempts !== undefined && changes.retry === undefined && after.retry) {
    after.retry = { ...after.retry };
    delete after.retry.maxAttempts;
  }
  return after;
}

/**
 * What a source of options says to begin with.
 *
 * @throws {RangeError} for what is no source
 */
export function optionsOf(source: SageMakerRuntimeClientConfig["resilience"]): ResilienceOptions {
  if (source === undefined) return {};
  if (typeof source?.subscribe === "function") return source.options;
  throw invalidOption("resilience", "what resilienceFromFile() gives", source);
}

/** What is not a matter of resilience may be said again, as it is. */
function checkCanChange(name: string, before: object, changes: object): void {
  if ((RESILIENCE_OPTIONS as string[]).includes(name)) return;
  const known = RESILIENCE_OPTIONS.join(", ");
  if (!HONOURED_OPTIONS.includes(name)) throw new TypeError(`${name} is not an option; known here: ${known}`);
  const [was, is] = [before, changes].map((options) => (options as Record<string, unknown>)[name]);
  if (is === was) return;
  const values = UNSHOWN.includes(name) ? "" : `, which is ${show(was)}, to ${show(is)}`;
  throw new TypeError(`${name} cannot be changed${values}: make a new client. What can be changed: ${known}`);
}

function saysAttempts(retry: ResilienceOptions["retry"]): boolean {
  return retry === false || retry?.maxAttempts !== undefined;
}

/** `connectMs` is the connections': it stays, in whose words it ever was said. */
function replaceTimeouts(before: SageMakerRuntimeClientConfig, after: SageMakerRuntimeClientConfig): void {
  const connectMs = before.timeouts?.connectMs ?? before.requestHandler?.connectionTimeout;
  after.requestHandler = undefined;
  if (connectMs !== undefined) after.timeouts = { connectMs, ...after.timeouts };
}

function withCodeOf(before: unknown, after: unknown): unknown {
  if (!isOptions(before) || !isOptions(after)) return after;
  const code = Object.entries(before).filter(([name, value]) => !(name in after) && !isData(value));
  return { ...after, ...Object.fromEntries(code) };
}

/** Whether a file could say it. */
function isData(value: unknown): boolean {
  if (typeof value === "function") return false;
  if (typeof value !== "object" || value === null) return true;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return false;
  return Object.values(value).every(isData);
}
