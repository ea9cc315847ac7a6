import type { Attempt, AttemptListener } from "../lib/attempt.ts";
import { layer } from "../lib/layer.ts";
import { Expiry, LayerTimeouts, type Timeouts } from "../lib/timeouts.ts";
import { attemptOf, type TunableLayer } from "../lib/types.ts";
import { checkKeys, checkMs } from "../lib/validate.ts";

export interface SocketTimeoutOptions {
  /**
   * How long a connection may be silent, in milliseconds, from the request on. A model that streams may take
   * any time, as long as something arrives, and a payload as well, as long as each 512 KiB of it leave in that time.
   * Waiting for a connection is no silence: `timeouts.connectMs` and `callTimeoutMs` bound it.
   * @default 70_000 - a container may take 60 s to answer, and the service advises a socket timeout of 70 s
   */
  socketMs?: number;
  /**
   * How long one attempt may take from its signature on, in milliseconds, up to the head of the answer of a stream and up
   * to the last byte of any other. `requestTimeout` of a call overrides it.
   * @default undefined - the socket and call timeouts bound it
   */
  attemptMs?: number | undefined;
}

/**
 * Ends an attempt whose socket is silent for too long, or that takes too long in all. The attempt is
 * cancelled and its connection closed; the layer waits for that, so attempts never overlap by accident.
 *
 * @throws {TimeoutError} whose `clock` is `socket` or `attempt`
 */
export function socketTimeout(options: SocketTimeoutOptions = {}): TunableLayer<SocketTimeoutOptions> {
  // The socket keeps the process alive for what is on its way; a stream that came and nobody reads must not.
  const ofLayer = new LayerTimeouts(false);
  let bounds = resolveBounds(options);
  const { name, applyToStack } = layer({ name: "socketTimeout", step: "deserialize" }, (next) => {
    const { socketMs, attemptMs } = bounds;
    const usualMs = Math.min(socketMs, attemptMs ?? Number.POSITIVE_INFINITY);
    let timeouts: Timeouts | undefined;
    return function socketTimeoutAttempt(args) {
      const { call } = args;
      timeouts ??= ofLayer.of(call.clock, usualMs);
      const attempt = attemptOf(args);
      attempt.onEnd(new Watch(attempt, timeouts, socketMs, call.settings.attemptTimeoutMs ?? attemptMs));
      return next(args);
    };
  });
  return {
    name,
    applyToStack,
    prepare(changed) {
      const checked = resolveBounds(changed);
      return () => {
        bounds = checked;
      };
    },
  };
}

function resolveBounds(options: SocketTimeoutOptions) {
  checkKeys("socketTimeout", options, ["socketMs", "attemptMs"]);
  const { socketMs = 70_000, attemptMs } = options;
  checkMs("timeouts.socketMs", socketMs);
  if (attemptMs !== undefined) checkMs("timeouts.attemptMs", attemptMs);
  return { socketMs, attemptMs };
}

/** The clocks of one attempt. They are not wound up by each byte: when one may have run out, it is looked. */
class Watch extends Expiry implements AttemptListener {
  readonly #attempt: Attempt;
  readonly #timeouts: Timeouts;
  readonly #socketMs: number;
  readonly #attemptMs: number;
  /** From when the attempt's own bound counts: waiting for credentials is the deadline's business. */
  readonly #signedAt: number;

  constructor(attempt: Attempt, timeouts: Timeouts, socketMs: number, attemptMs = Number.POSITIVE_INFINITY) {
    super();
    this.#attempt = attempt;
    this.#timeouts = timeouts;
    this.#socketMs = socketMs;
    this.#attemptMs = attemptMs;
    this.#signedAt = attempt.call.clock.now();
    attempt.endsAt = this.#signedAt + attemptMs;
    timeouts.start(this, this.#signedAt, Math.min(socketMs, attemptMs));
  }

  attemptEnded(): void {
    this.#timeouts.stop(this);
  }

  /** One of the two clocks may have run out. From its head on, a stream is bounded by its silences only. */
  expire(): void {
    const { call, lastByteAt, stream } = this.#attempt;
    const now = call.clock.now();
    const attemptEnd = stream === undefined ? this.#signedAt + this.#attemptMs : Number.POSITIVE_INFINITY;
    const isServicesTurn = this.#isServicesTurn();
    if (now >= attemptEnd) {
      this.#end("attempt", this.#attemptMs);
    } else if (isServicesTurn && now - lastByteAt >= this.#socketMs) {
      this.#end("socket", this.#socketMs);
    } else {
      const silentUntil = (isServicesTurn ? lastByteAt : now) + this.#socketMs;
      // At least 1 ms: a timer may fire a fraction early, and must then not fire again in the same tick.
      this.#timeouts.start(this, now, Math.max(1, Math.ceil(Math.min(silentUntil, attemptEnd) - now)));
    }
  }

  /**
   * Whether a silence is the service's: not before the request is on its way, and not while a stream waits
   * for its reader.
   */
  #isServicesTurn(): boolean {
    return this.#attempt.sent && this.#attempt.stream?.isPaused !== true;
  }

  #end(reason: "attempt" | "socket", expiredMs: number): void {
    this.#attempt.expiredMs = expiredMs;
    this.#attempt.cancel(reason);
  }
}
