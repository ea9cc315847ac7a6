import type { Call } from "./call.ts";
import type { Cancellable, CancelReason, CancelScope } from "./cancellation.ts";
import { type Classification, classify } from "./classify.ts";
import type { Outcome } from "./outcome.ts";
import type { Target } from "./target.ts";
import type { ByteStream } from "./transport/byte-stream.ts";

/**
 * Why an attempt was made. A call has one `first`; `hedge` runs beside another attempt; `fallback` is the first of an
 * alternative.
 */
export type AttemptKind = "first" | "retry" | "hedge" | "fallback";

/** What happened at one try, as errors carry it. It holds nothing that the caller sent or received. */
export interface AttemptRecord {
  /** 1 for the first try of the call. */
  readonly number: number;
  readonly kind: AttemptKind;
  /** The endpoint that it was sent to: that of the call, unless an alternative named another one. */
  readonly endpoint: string;
  /** From the start of the call to the start of this attempt, in milliseconds. */
  readonly startedAfterMs: number;
  /** How long it waited for its permit, in milliseconds: in the limit's queue, and in layers outside of it. */
  readonly queuedMs: number;
  /** From its permit to its end, in milliseconds; `undefined` while the attempt is running. */
  readonly durationMs: number | undefined;
  readonly outcome: Outcome | undefined;
  /** Name of the error that ended it. */
  readonly error: string | undefined;
  readonly httpStatusCode: number | undefined;
  readonly requestId: string | undefined;
  /** The production variant that answered, where the answer said so, or else the one that it was sent to. */
  readonly variant: string | undefined;
  /** Whether the model may have run: bytes of the request may have left the process. */
  readonly mayHaveExecuted: boolean;
}

/** Told once, when an attempt has ended: answered, failed or cancelled; a stream, when it was read or left. */
export interface AttemptListener {
  /** Before that, for an accepted stream, when its head is here. */
  streamBegan?(attempt: Attempt): void;
  attemptEnded(attempt: Attempt): void;
}

/** State of one try. Attempts of a call may overlap, so nothing of one try stands on the call. */
export class Attempt implements CancelScope, Cancellable {
  readonly call: Call;
  readonly number: number;
  readonly kind: AttemptKind;
  /** The call's, unless a hedge or a split aims the attempt at a variant. */
  target: Target;
  /** {@link Clock.now} at the start. */
  readonly startedAt: number;
  /** {@link Clock.now} when it got its permit: what it took to be answered counts from here. */
  admittedAt: number;
  /** {@link Clock.now} at the response headers, and at the end; 0 before. */
  headersAt = 0;
  endedAt = 0;
  /** {@link Clock.now} when the last byte went out or came in. The idle timeout reads it. */
  lastByteAt: number;
  /** {@link Clock.now} by which its own bound ends it; `Infinity` where it has none. */
  endsAt = Number.POSITIVE_INFINITY;
  /** Whether bytes of the request may have left: from then on, the model may have run. */
  sent = false;
  /** Whether all connections are in use, so that it waits for one: that is none of the target's doing. */
  waitsForConnection = false;
  /** Set by a layer of this client that refused to send it. */
  isRefused = false;
  statusCode = 0;
  requestId: string | undefined;
  /** From the answer's `x-amzn-invoked-production-variant`, error answers included. */
  invokedVariant: string | undefined;
  /** What its end means for each layer; `undefined` while it runs. */
  classification: Classification | undefined;
  /** The error that ended the attempt. */
  error: unknown;
  /** The bound that ran out, in milliseconds, where {@link cancelled} says that one did. */
  expiredMs = 0;
  /** Set by `sign` when the signature was refused for a reason that it has mended since. */
  isSignatureMended = false;
  /** The answer of a streaming operation; `stream.end` is the end of the attempt. */
  stream: ByteStream | undefined;
  running: Cancellable | undefined;
  cancelled: CancelReason | undefined;
  /** With room for those of a default client: an array that grows makes room for 17 more. */
  readonly #listeners: (AttemptListener | undefined)[] = [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ];
  #listenerCount = 0;

  constructor(call: Call, number: number, kind: AttemptKind, target: Target) {
    this.call = call;
    this.number = number;
    this.kind = kind;
    this.target = target;
    this.startedAt = call.clock.now();
    this.admittedAt = this.startedAt;
    this.lastByteAt = this.startedAt;
    this.requestId = undefined;
    this.invokedVariant = undefined;
    this.classification = undefined;
    this.error = undefined;
    this.stream = undefined;
    this.running = undefined;
    this.cancelled = undefined;
  }

  /**
   * Tells `listener` when the attempt has ended, the layers inside of it first. For layers that only have to
   * know: a frame of their own around `next` costs each call more than all that they do in it.
   */
  onEnd(listener: AttemptListener): void {
    if (this.classification !== undefined) listener.attemptEnded(this);
    else this.#listeners[this.#listenerCount++] = listener;
  }

  cancel(reason: CancelReason): void {
    if (this.cancelled !== undefined) return;
    this.cancelled = reason;
    // All bytes of a stream may be here and not read yet: then the reading is what is ended.
    if (this.running !== undefined) this.running.cancel(reason);
    else this.stream?.abort(reason);
  }

  /** Takes note that bytes have gone out or come in. */
  noteBytes(): void {
    this.lastByteAt = this.call.clock.now();
  }

  /** Takes note of the head of the answer; `headers` have names in lower case. */
  answered(statusCode: number, headers: Readonly<Record<string, string>>): void {
    this.headersAt = this.call.clock.now();
    this.lastByteAt = this.headersAt;
    this.statusCode = statusCode;
    this.requestId =
      headers["x-amzn-requestid"] ?? headers["x-amzn-request-id"] ?? headers["x-amz-request-id"];
    this.invokedVariant = headers["x-amzn-invoked-production-variant"];
  }

  /** Marks the end and says what it means. The first call decides; later ones return what it decided. */
  end(error: unknown): Classification {
    if (this.classification === undefined) {
      this.endedAt = this.call.clock.now();
      this.error = error;
      this.classification = classify(error, this.cancelled);
      this.#tellListeners();
    }
    return this.classification;
  }

  /** Marks the end of an attempt that was answered: now, or when its stream has ended. */
  finish(): void {
    if (this.classification !== undefined) return;
    if (this.stream === undefined) {
      this.end(undefined);
      return;
    }
    const { stream } = this;
    // It may have broken before anyone could say what that means: in the tick in which its head came.
    stream.end.onEnd((error) => this.end(error === undefined ? undefined : stream.mapError(error)));
    for (let index = this.#listenerCount - 1; index >= 0; index--) {
      this.#listeners[index]?.streamBegan?.(this);
    }
  }

  #tellListeners(): void {
    while (this.#listenerCount > 0) this.#listeners[--this.#listenerCount]?.attemptEnded(this);
  }

  get outcome(): Outcome | undefined {
    return this.classification?.outcome;
  }

  /** True where bytes were sent, unless the service refused the request: one whose stream began was accepted. */
  mayHaveExecuted(): boolean {
    return this.sent && (this.stream !== undefined || this.classification?.isRefusal !== true);
  }

  toRecord(): AttemptRecord {
    return {
      number: this.number,
      kind: this.kind,
      endpoint: this.target.endpoint,
      startedAfterMs: this.startedAt - this.call.startedAt,
      queuedMs: this.admittedAt - this.startedAt,
      durationMs: this.classification === undefined ? undefined : this.endedAt - this.admittedAt,
      outcome: this.outcome,
      error: this.error instanceof Error ? this.error.name : undefined,
      httpStatusCode: this.statusCode === 0 ? undefined : this.statusCode,
      requestId: this.requestId,
      variant: this.invokedVariant ?? this.target.variant,
      mayHaveExecuted: this.mayHaveExecuted(),
    };
  }
}
