import { checkInteger } from "../validate.ts";
import type { SageMakerRuntimeClientConfig } from "./client-config.ts";

export const DEFAULT_MAX_SOCKETS = 256;
/** As many as the official client makes to one host unless its `requestHandler` is told otherwise; so has `presets.awsSdk`. */
export const AWS_SDK_MAX_SOCKETS = 50;

/** @throws {TypeError} for connections to be made by a client that has a dispatcher; {@link RangeError} for no number of them */
export function resolveMaxSockets({ maxSockets, dispatcher, retry }: SageMakerRuntimeClientConfig): number {
  if (maxSockets === undefined) return DEFAULT_MAX_SOCKETS;
  if (dispatcher === undefined) return checkInteger("maxSockets", maxSockets, 1);
  // The preset's, and not a wish of whoever adds a dispatcher to it.
  const mode = retry ? retry.mode : undefined;
  if (mode === "awsSdk" && maxSockets === AWS_SDK_MAX_SOCKETS) return DEFAULT_MAX_SOCKETS;
  throw new TypeError("maxSockets cannot be combined with dispatcher, which makes its own connections");
}
