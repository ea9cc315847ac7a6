import { MAX_TIMER_MS } from "../clock.ts";
import { checkKeys, checkMs, checkObject, invalidOption } from "../validate.ts";
import type { RequestHandlerOptions, SageMakerRuntimeClientConfig } from "./client-config.ts";

/** The clocks of one attempt, in milliseconds. */
export interface Timeouts {
  readonly connectMs: number;
  readonly socketMs: number;
  /** `undefined`: only `callTimeoutMs` bounds an attempt as a whole. */
  readonly attemptMs: number | undefined;
}

export const DEFAULT_CONNECT_MS = 1_000;
export const DEFAULT_SOCKET_MS = 70_000;

const CLOCKS = ["connectMs", "socketMs", "attemptMs"] as const;
const HANDLER_CLOCKS = ["connectionTimeout", "socketTimeout", "requestTimeout"] as const;
const HANDLER_KEYS = [...HANDLER_CLOCKS, "throwOnRequestTimeout"];

/** The clocks as `timeouts` or, in the AWS SDK's words, `requestHandler` sets them. */
export function resolveTimeouts(input: SageMakerRuntimeClientConfig): Timeouts {
  const { timeouts = {}, requestHandler = {}, dispatcher } = input;
  checkObject("timeouts", timeouts);
  checkKeys("timeouts", timeouts, CLOCKS);
  checkRequestHandler(requestHandler);
  const [connectMs, socketMs, attemptMs] = CLOCKS.map((clock, i) => {
    const theirs = HANDLER_CLOCKS[i] as (typeof HANDLER_CLOCKS)[number];
    return pick(`timeouts.${clock}`, timeouts[clock], `requestHandler.${theirs}`, requestHandler[theirs]);
  });
  // No bound is what a dispatcher's connections have from here in any case.
  if (connectMs !== undefined && connectMs !== MAX_TIMER_MS && dispatcher !== undefined) {
    throw new TypeError(
      "timeouts.connectMs cannot be combined with dispatcher, which makes its own connections",
    );
  }
  return {
    connectMs: connectMs ?? DEFAULT_CONNECT_MS,
    socketMs: socketMs ?? DEFAULT_SOCKET_MS,
    attemptMs,
  };
}

function pick(name: string, ours: number | undefined, theirName: string, theirs: number | undefined) {
  if (ours !== undefined && theirs !== undefined) {
    throw new TypeError(`${name} and ${theirName} set the same clock: give one of them`);
  }
  if (ours !== undefined) return checkMs(name, ours);
  // In the AWS SDK, 0 switches requestTimeout off; its other clocks have no such bound of ours to fall back to.
  if (theirs === undefined || (theirs === 0 && theirName === "requestHandler.requestTimeout"))
    return undefined;
  return checkMs(theirName, theirs);
}

function checkRequestHandler(handler: object): void {
  checkObject("requestHandler", handler);
  if ("handle" in handler) {
    throw new TypeError(
      "requestHandler must be a plain object of options, got an instance; use dispatcher for your own transport",
    );
  }
  for (const [key, value] of Object.entries(handler)) {
    if (value === undefined || HANDLER_KEYS.includes(key)) continue;
    throw new TypeError(
      `requestHandler.${key} is not honoured; known here: ${HANDLER_KEYS.join(", ")}. ` +
        "For agents, proxies and TLS settings pass dispatcher (undici); for the number of sockets maxSockets",
    );
  }
  const { throwOnRequestTimeout = true } = handler as RequestHandlerOptions;
  if (throwOnRequestTimeout !== true) {
    throw invalidOption(
      "requestHandler.throwOnRequestTimeout",
      "true: a timeout is always an error",
      throwOnRequestTimeout,
    );
  }
}
