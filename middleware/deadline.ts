import type { Call } from "../lib/call.ts";
import { layer } from "../lib/layer.ts";
import type { Layer } from "../lib/types.ts";
import { checkMs } from "../lib/validate.ts";

export interface DeadlineOptions {
  /**
   * How long a call may take, in milliseconds: queueing, every attempt and every wait between them; for a
   * stream, up to the head of the answer. `callTimeoutMs` of a call overrides it.
   * @default 120_000 - one attempt of the service's 70 s, and time for a second chance
   */
  callTimeoutMs?: number;
}

/**
 * Bounds the whole call. Place it outside `retry`, which starts no attempt that the deadline would cut off.
 *
 * @throws {TimeoutError} whose `clock` is `call`
 */
export function deadline({ callTimeoutMs = 120_000 }: DeadlineOptions = {}): Layer {
  checkMs("callTimeoutMs", callTimeoutMs);
  return layer({ name: "deadline", step: "initialize" }, (next) => {
    return async function deadlineCall(args) {
      const { call } = args;
      call.callTimeoutMs = call.settings.callTimeoutMs ?? callTimeoutMs;
      call.deadlineAt = call.startedAt + call.callTimeoutMs;
      const timer = call.clock.setTimeout(expire, call.callTimeoutMs, call);
      try {
        return await next(args);
      } finally {
        call.clock.clearTimeout(timer);
      }
    };
  });
}

function expire(call: Call): void {
  call.cancel("call");
}
