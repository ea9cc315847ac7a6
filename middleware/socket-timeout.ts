import type { Attempt } from "../lib/attempt.ts";
import type { Timer } from "../lib/clock.ts";
import { layer } from "../lib/layer.ts";
import type { ByteStream } from "../lib/transport/byte-stream.ts";
import { attemptOf, type Layer } from "../lib/types.ts";
import { checkMs } from "../lib/validate.ts";

export interface SocketTimeoutOptions {
  /**
   * How long a connection may be silent, in milliseconds, from the request on. A model that streams may take
   * any time, as long as something arrives. Waiting for a connection is no silence: `timeouts.connectMs` and
   * `callTimeoutMs` bound it.
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
export function socketTimeout({ socketMs = 70_000, attemptMs }: SocketTimeoutOptions = {}): Layer {
  checkMs("timeouts.socketMs", socketMs);
  if (attemptMs !== undefined) checkMs("timeouts.attemptMs", attemptMs);
  return layer({ name: "socketTimeout", step: "deserialize" }, (next) => {
    return async function socketTimeoutAttempt(args) {
      const attempt = attemptOf(args);
      const watch = new Watch(attempt, socketMs, args.call.settings.attemptTimeoutMs ?? attemptMs);
      try {
        const result = await next(args);
        if (attempt.stream === undefined) watch.stop();
        else watch.followStream(attempt.stream);
        return result;
      } catch (error) {
        watch.stop();
        throw error;
      }
    };
  });
}

/** One timer per attempt. It is not moved with each byte: when it fires, it looks how long the silence was. */
class Watch {
  readonly #attempt: Attempt;
  readonly #socketMs: number;
  #attemptMs: number | undefined;
  /** From when the attempt's own bound counts: waiting for credentials is the deadline's business. */
  readonly #signedAt: number;
  #stream: ByteStream | undefined;
  #timer: Timer;

  constructor(attempt: Attempt, socketMs: number, attemptMs: number | undefined) {
    this.#attempt = attempt;
    this.#socketMs = socketMs;
    this.#attemptMs = attemptMs;
    this.#signedAt = attempt.call.clock.now();
    this.#arm(this.#signedAt);
  }

  stop(): void {
    this.#attempt.call.clock.clearTimeout(this.#timer);
  }

  /** From the head on, a stream is bounded by its silences only. */
  followStream(stream: ByteStream): void {
    this.#attemptMs = undefined;
    this.#stream = stream;
    stream.end.onEnd(() => this.stop());
  }

  /** Fires when one of the two clocks may have run out. */
  check(): void {
    const now = this.#attempt.call.clock.now();
    const { lastByteAt } = this.#attempt;
    if (this.#attemptMs !== undefined && now - this.#signedAt >= this.#attemptMs)
      this.#end("attempt", this.#attemptMs);
    else if (now - lastByteAt >= this.#socketMs && this.#isServicesTurn())
      this.#end("socket", this.#socketMs);
    else this.#arm(now);
  }

  /**
   * Whether a silence is the service's: not before the request is on its way, and not while a stream waits
   * for its reader.
   */
  #isServicesTurn(): boolean {
    return this.#attempt.sent && this.#stream?.isPaused !== true;
  }

  #end(reason: "attempt" | "socket", expiredMs: number): void {
    this.#attempt.expiredMs = expiredMs;
    this.#attempt.cancel(reason);
  }

  #arm(now: number): void {
    const { lastByteAt, call } = this.#attempt;
    const attemptEnd =
      this.#attemptMs === undefined ? Number.POSITIVE_INFINITY : this.#signedAt + this.#attemptMs;
    const silentUntil = (this.#isServicesTurn() ? lastByteAt : now) + this.#socketMs;
    const dueAt = Math.min(silentUntil, attemptEnd);
    // At least 1 ms: a timer may fire a fraction early, and must then not fire again in the same tick.
    this.#timer = call.clock.setTimeout(checkWatch, Math.max(1, Math.ceil(dueAt - now)), this);
  }
}

function checkWatch(watch: Watch): void {
  watch.check();
}
