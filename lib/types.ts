import type { HandlerExecutionContext, MiddlewareStack, ResponseMetadata } from "@smithy/types";
import type { Attempt } from "./attempt.ts";
import type { Call } from "./call.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import type { FallbackMetadata } from "./resilience/fallback/metadata.ts";

/** What travels down the stack. The object is made once per attempt and may be changed in place by a layer. */
export interface CallArgs {
  input: object;
  /** Set by `serialize`. */
  request: HttpRequest | undefined;
  call: Call;
  /** Set by `retry`; see {@link attemptOf} for layers that run without it. */
  attempt: Attempt | undefined;
}

/** What is known of an answer beside it. */
export interface CallMetadata extends ResponseMetadata {
  /** Which alternative answered, and why; left out where the call was answered as it was asked. */
  fallback?: FallbackMetadata | undefined;
}

export interface OutputWithMetadata {
  $metadata: CallMetadata;
}

/** What comes back up. `output` is set by `deserialize`. */
export interface CallResult {
  response: HttpResponse;
  output: OutputWithMetadata | undefined;
}

export type CallHandler = (args: CallArgs) => Promise<CallResult>;

/** Smithy's own middleware shape, with our call on its `args`. */
export type CallMiddleware = (next: CallHandler, context: HandlerExecutionContext) => CallHandler;

/** One layer of the pipeline: a Smithy `Pluggable` that has a name. `stack.use(layer)` adds it. */
export interface Layer {
  readonly name: string;
  applyToStack<Input extends object, Output extends object>(stack: MiddlewareStack<Input, Output>): void;
}

/** A layer whose options may be changed while calls pass it. */
export interface TunableLayer<Options> extends Layer {
  /**
   * Checks `options` as the factory does, and changes nothing yet.
   *
   * @returns goes over to them. What belongs to a call counts for handlers that are resolved afterwards, so a call
   * goes on as it began; what belongs to a target, such as a breaker, keeps what it has learnt and goes by them at once.
   */
  prepare(options: Options): () => void;
  /** Takes what it keeps out of the metrics, until it goes over to options again: nothing is done by it any more. */
  switchOff?(): void;
}

/** The attempt that `args` belong to, opened here where no `retry` layer stands above. */
export function attemptOf(args: CallArgs): Attempt {
  args.attempt ??= args.call.startAttempt("first");
  return args.attempt;
}

/**
 * The request that a layer further out has made.
 *
 * @throws {TypeError} where none did
 */
export function requestOf({ request }: CallArgs): HttpRequest {
  if (request !== undefined) return request;
  throw new TypeError("the stack has no layer that makes the request: add serialize()");
}
