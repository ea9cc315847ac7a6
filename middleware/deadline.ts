import type { Call, CallListener } from "../lib/call.ts";
import { layer } from "../lib/layer.ts";
import { Expiry, LayerTimeouts, type Timeouts } from "../lib/timeouts.ts";
import type { TunableLayer } from "../lib/types.ts";
import { checkKeys, checkMs } from "../lib/validate.ts";

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
export function deadline(options: DeadlineOptions = {}): TunableLayer<DeadlineOptions> {
  const ofLayer = new LayerTimeouts();
  let usualMs = resolveDeadline(options);
  const { name, applyToStack } = layer({ name: "deadline", step: "initialize" }, (next) => {
    const callTimeoutMs = usualMs;
    let timeouts: Timeouts | undefined;
    return function deadlineCall(args) {
      const { call } = args;
      timeouts ??= ofLayer.of(call.clock, callTimeoutMs);
      call.callTimeoutMs = call.settings.callTimeoutMs ?? callTimeoutMs;
      call.deadlineAt = call.startedAt + call.callTimeoutMs;
      call.onSettled(new Deadline(call, timeouts));
      return next(args);
    };
  });
  return {
    name,
    applyToStack,
    prepare(changed) {
      const checked = resolveDeadline(changed);
      return () => {
        usualMs = checked;
      };
    },
  };
}

function resolveDeadline(options: DeadlineOptions): number {
  checkKeys("deadline", options, ["callTimeoutMs"]);
  const { callTimeoutMs = 120_000 } = options;
  return checkMs("callTimeoutMs", callTimeoutMs);
}

/** The end of a call's time. */
class Deadline extends Expiry implements CallListener {
  readonly #call: Call;
  readonly #timeouts: Timeouts;

  constructor(call: Call, timeouts: Timeouts) {
    super();
    this.#call = call;
    this.#timeouts = timeouts;
    timeouts.start(this, call.startedAt, call.callTimeoutMs);
  }

  expire(): void {
    this.#call.cancel("call");
  }

  callSettled(): void {
    this.#timeouts.stop(this);
  }
}
