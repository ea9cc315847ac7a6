import type { Call } from "./call.ts";
import type { OutputWithMetadata } from "./types.ts";

/**
 * Adds to an output how many attempts its call took and how long it waited between them. A layer that answers by itself
 * may give less than an output of the service, or one that it keeps from changes: that is left as it is.
 */
export function sayAttempts({ $metadata }: OutputWithMetadata, call: Call): void {
  if (!Object.isExtensible($metadata)) return;
  $metadata.attempts = call.attemptCount;
  $metadata.totalRetryDelay = Math.round(call.retryDelayMs);
}
