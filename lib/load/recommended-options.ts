import type { SageMakerRuntimeClientConfig } from "../config/client-config.ts";
import { DEFAULT_MAX_SOCKETS } from "../config/max-sockets.ts";
import { DEFAULT_CALL_TIMEOUT_MS } from "../config/resilience-config.ts";
import { DEFAULT_CONNECT_MS, DEFAULT_SOCKET_MS } from "../config/timeouts.ts";
import type { Advice, CurrentOptions } from "./advice.ts";
import type { HedgeBounds } from "./hedge-advice.ts";
import type { LimitBounds } from "./limit-advice.ts";
import type { TimeoutBounds } from "./timeout-advice.ts";

export interface Advised {
  readonly timeouts: Advice<TimeoutBounds>;
  readonly limit: Advice<LimitBounds>;
  readonly hedge: Advice<HedgeBounds>;
}

/**
 * What was advised, in the shape of the client's options; where nothing was, what the client has been set to. These can
 * take the place of the options of the same names, whatever else the client is set to.
 */
export function recommendedOptions(
  { timeouts, limit, hedge }: Advised,
  current: CurrentOptions,
): SageMakerRuntimeClientConfig {
  return {
    ...option("callTimeoutMs", current, timeouts.value?.callTimeoutMs, DEFAULT_CALL_TIMEOUT_MS),
    ...timeoutOptions(timeouts.value, current.timeouts),
    ...limitOptions(limit.value, current.concurrencyLimit),
    ...hedgeOptions(hedge, current.hedge),
    ...option("maxSockets", current, limit.value?.maxSockets, DEFAULT_MAX_SOCKETS),
  };
}

/** 0.05, which 1 - 0.95 is not quite. */
export function shareOf({ maxExtraLoad }: HedgeBounds): number {
  return Number(maxExtraLoad.toFixed(4));
}

/** An option as it is advised, or as it is; nothing where that leaves it at its default. */
function option<Name extends string>(
  name: Name,
  current: Readonly<Record<Name, number>>,
  advised: number | undefined,
  defaultValue: number,
): { [Key in Name]?: number } {
  const value = advised ?? current[name];
  if (value === defaultValue && current[name] === defaultValue) return {};
  return { [name]: value } as { [Key in Name]: number };
}

function timeoutOptions(
  bounds: TimeoutBounds | undefined,
  current: CurrentOptions["timeouts"],
): Pick<SageMakerRuntimeClientConfig, "timeouts"> {
  const attemptMs = bounds?.attemptMs ?? current.attemptMs;
  const timeouts = {
    ...option("connectMs", current, undefined, DEFAULT_CONNECT_MS),
    ...option("socketMs", current, undefined, DEFAULT_SOCKET_MS),
    ...(attemptMs !== undefined && { attemptMs }),
  };
  return Object.keys(timeouts).length === 0 ? {} : { timeouts };
}

/** A limit that was fixed, or off, becomes one that learns; a `min` that is more than it begins with goes. */
function limitOptions(
  bounds: LimitBounds | undefined,
  current: CurrentOptions["concurrencyLimit"],
): Pick<SageMakerRuntimeClientConfig, "concurrencyLimit"> {
  if (bounds === undefined) return current === undefined ? {} : { concurrencyLimit: current };
  const { initial, max } = bounds;
  const { algorithm, min, ...rest } = typeof current === "object" ? current : {};
  return {
    concurrencyLimit: {
      ...(algorithm !== undefined && algorithm !== "fixed" && { algorithm }),
      ...(min !== undefined && min <= initial && { min }),
      ...rest,
      initial,
      max,
    },
  };
}

function hedgeOptions(
  { verdict, value }: Advice<HedgeBounds>,
  current: CurrentOptions["hedge"],
): Pick<SageMakerRuntimeClientConfig, "hedge"> {
  if (value !== undefined) {
    return { hedge: { ...(current || {}), quantile: value.quantile, maxExtraLoad: shareOf(value) } };
  }
  if (current === false) return {};
  return { hedge: verdict === "off" ? false : current };
}
