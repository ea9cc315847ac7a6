import type { ResponseMetadata } from "@smithy/types";
import type { AttemptRecord } from "../attempt.ts";
import type { Target } from "../target.ts";
import { NoFreeConnectionError } from "../transport/transport-errors.ts";
import { ValidationError } from "./service-errors.ts";
import { addCallFields } from "./service-exception.ts";

/** An error that this client made, as opposed to one that the service answered with. */
export abstract class HoldfastError extends Error {
  /** Attempts and time spent waiting between them; status and request id where an answer had arrived. */
  $metadata: ResponseMetadata = {};
  /** What happened at each try, oldest first. */
  declare attempts: readonly AttemptRecord[];
  /** Whether the model may have run for this call. */
  declare mayHaveExecuted: boolean;
  /** What the alternatives that were asked after it failed with, in their order; left out where none was. */
  declare fallbackErrors?: readonly Error[];

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    addCallFields(this);
  }
}

/** Nothing was sent at this try: a layer of this client refused it. */
export abstract class NotSentError extends HoldfastError {}

/**
 * Why a breaker is open. `slow`: too many attempts took `slowCallMs`; `notReady`: its model is loading;
 * `fleet`: it is not, but another process's is, and this one's own probes have not been answered yet;
 * `isolated`: opened by hand.
 */
export type OpenCause = "failure" | "slow" | "notReady" | "fleet" | "isolated";

/** The target's circuit breaker is open. Nothing was sent. */
export class CircuitOpenError extends NotSentError {
  override readonly name = "CircuitOpenError";
  readonly endpoint: string;
  /** The variant that the call named, if it named one. */
  readonly variant: string | undefined;
  readonly openCause: OpenCause;
  /**
   * When the breaker lets the next probe through, in milliseconds from now. 0 while its probes are under way, and after
   * them while it admits a share of the calls; `Infinity` where it was opened by hand.
   */
  readonly retryAfterMs: number;

  constructor(target: Target, openCause: OpenCause, retryAfterMs: number, options?: ErrorOptions) {
    const part = target.variant ?? target.component ?? target.model ?? target.container;
    const name = part === undefined ? target.endpoint : `${target.endpoint} (${part})`;
    super(`circuit breaker of ${name} is open (${openCause})${whenNext(retryAfterMs)}`, options);
    this.endpoint = target.endpoint;
    this.variant = target.variant;
    this.openCause = openCause;
    this.retryAfterMs = retryAfterMs;
  }
}

function whenNext(retryAfterMs: number): string {
  if (retryAfterMs === 0) return "; for now it lets few attempts through";
  return Number.isFinite(retryAfterMs) ? `; next probe in ${Math.ceil(retryAfterMs)} ms` : "";
}

/** Which clock ran out, and the option that sets it. */
export type TimeoutClock = "connect" | "socket" | "attempt" | "queue" | "call";

const CLOCK_OPTION: Record<TimeoutClock, string> = {
  connect: "timeouts.connectMs",
  socket: "timeouts.socketMs",
  attempt: "timeouts.attemptMs",
  queue: "concurrencyLimit.queueTimeoutMs",
  call: "callTimeoutMs",
};

const CLOCK_EVENT: Record<TimeoutClock, string> = {
  connect: "no connection",
  socket: "no byte on the socket",
  attempt: "no answer to the attempt",
  queue: "no permit",
  call: "no answer to the call",
};

/** One of the five clocks ran out. */
export class TimeoutError extends HoldfastError {
  override readonly name = "TimeoutError";
  readonly clock: TimeoutClock;
  readonly timeoutMs: number;

  constructor(clock: TimeoutClock, timeoutMs: number, options?: ErrorOptions) {
    const { cause } = options ?? {};
    const why = cause instanceof NoFreeConnectionError ? `: ${cause.message}` : "";
    super(`${CLOCK_EVENT[clock]} within ${timeoutMs} ms (${CLOCK_OPTION[clock]})${why}`, options);
    this.clock = clock;
    this.timeoutMs = timeoutMs;
  }
}

/** The caller's `abortSignal` fired, or the client was destroyed or closed; the signal's reason is the `cause`. */
export class AbortError extends HoldfastError {
  override readonly name = "AbortError";

  constructor(message = "Request aborted", options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * How far the exchange had come when the connection failed. `connect` covers name look-up, TCP and TLS:
 * nothing was sent; `headers`: the request went out and no byte came back; `body`: the answer broke off.
 */
export type ConnectionPhase = "connect" | "headers" | "body";

/** The connection could not be made or broke. */
export class ConnectionError extends HoldfastError {
  override readonly name = "ConnectionError";
  readonly phase: ConnectionPhase;
  /** The system's or TLS code, such as `ECONNRESET`; `UND_ERR_*` where a `dispatcher` of undici found the fault. */
  readonly code: string;

  constructor(phase: ConnectionPhase, code: string, options?: ErrorOptions) {
    super(`connection failed (${code}) ${PHASE_TEXT[phase]}`, options);
    this.phase = phase;
    this.code = code;
  }
}

const PHASE_TEXT: Record<ConnectionPhase, string> = {
  connect: "before the request was sent",
  headers: "before any byte of the answer",
  body: "inside the answer",
};

/** The answer is not what the protocol allows: a bad frame, a cut-off stream, a body that is not JSON. */
export class InvalidResponseError extends HoldfastError {
  override readonly name = "InvalidResponseError";
}

/**
 * The command's input breaks a rule of the service. Nothing was hashed or sent. It is an instance of
 * `ValidationError`, which is what the service would have answered.
 */
export class InvalidInputError extends ValidationError {
  /** The member of the input, such as `TargetVariant`. */
  readonly member: string;
  /** What the member must be. */
  readonly rule: string;

  /** @param shown the offending value as the message may show it; never a payload or CustomAttributes */
  constructor(member: string, rule: string, shown: string) {
    super({
      message: `${member} must be ${rule}, got ${shown}`,
      $metadata: { attempts: 0, totalRetryDelay: 0 },
    });
    this.member = member;
    this.rule = rule;
  }
}
