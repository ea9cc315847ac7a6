import type { OwnCommand } from "../../commands.ts";
import type { Payload } from "../../protocol/payload.ts";
import type { SendOptions } from "../../send-options.ts";
import type { OutputWithMetadata } from "../../types.ts";

/**
 * Why a call may be answered by an alternative. `circuitOpen`, `concurrencyLimit`: this client refused to send it,
 * or its turn in the queue did not come · `notReady`: the model is being loaded · `throttled`, `serverError`: the
 * service said so · `modelError`: the container failed (5xx), was overloaded (429), or took its 60 s · `timeout`: an
 * attempt or its socket took too long · `connection`: it could not be made, or broke · `invalidResponse`: the answer
 * was not what the protocol allows.
 */
export type FallbackReason =
  | "circuitOpen"
  | "concurrencyLimit"
  | "notReady"
  | "throttled"
  | "serverError"
  | "modelError"
  | "timeout"
  | "connection"
  | "invalidResponse";

/** Which errors are a reason: a list of kinds, or a function that says so and must not throw. */
export type FallbackReasons = readonly FallbackReason[] | ((error: Error) => boolean);

interface CommonAlternative {
  /** What `$metadata.fallback` calls it. @default what it names, the region of a client, or its kind */
  name?: string;
  /** The reasons for this alternative. @default those of the layer */
  on?: FallbackReasons;
}

/** The same call to another production variant. */
export interface VariantAlternative extends CommonAlternative {
  variant: string;
}

/** The same call to another inference component of the endpoint. */
export interface ComponentAlternative extends CommonAlternative {
  component: string;
}

/**
 * The same call to another endpoint, and there to the variant or component that is named here: those that the call
 * names are parts of its own endpoint. The model and the container that it names stay.
 */
export interface EndpointAlternative extends CommonAlternative {
  endpoint: string;
  variant?: string;
  component?: string;
}

/** What makes calls elsewhere: a client of another region or account. */
export interface FallbackClient {
  send(
    command: OwnCommand<object, OutputWithMetadata>,
    options?: SendOptions & { abortSignal?: AbortSignal | undefined },
  ): Promise<OutputWithMetadata>;
}

/**
 * The same call by another client, with the time that is left. It may itself fall back to this one: a call that was
 * handed over is not handed on. Layers of the command alone stay behind.
 */
export interface ClientAlternative extends CommonAlternative {
  /** A function is called each time, for clients that name each other or are made on first use. */
  client: FallbackClient | (() => FallbackClient);
  /** @default the endpoint that the call names */
  endpoint?: string;
  variant?: string;
  component?: string;
}

/** Bytes of an answer: text becomes UTF-8. */
export type FallbackBytes = Payload;

/** An answer that no model gave, with the members of the output. */
export interface FallbackAnswer {
  /** Of a streaming call it is the one part of its stream; a function may also give the parts as they come. */
  Body?: FallbackBytes | AsyncIterable<FallbackBytes>;
  ContentType?: string | undefined;
  CustomAttributes?: string | undefined;
  /** The variant that answered, where the function asked one. */
  InvokedProductionVariant?: string | undefined;
  InferenceId?: string | undefined;
  OutputLocation?: string | undefined;
  FailureLocation?: string | undefined;
}

/** What a function that answers is told of the call. */
export interface FallbackContext {
  /**
   * Aborts when the caller, the deadline or the client ends the call: its answer is not waited for then. Also when the
   * caller's signal fires while a stream that it has answered with goes on.
   */
  readonly signal: AbortSignal;
  /** What is left until the deadline, in milliseconds; `Infinity` without one. */
  readonly remainingMs: number;
}

/**
 * A constant, or a function that answers; one that has no answer throws, and the next alternative is asked. A
 * constant with a `Body` is for calls that wait for the model, one without for asynchronous calls.
 */
export interface AnswerAlternative extends CommonAlternative {
  answer:
    | FallbackAnswer
    | ((
        error: Error,
        input: object,
        context: FallbackContext,
      ) => FallbackAnswer | PromiseLike<FallbackAnswer>);
}

export type FallbackAlternative =
  | VariantAlternative
  | ComponentAlternative
  | EndpointAlternative
  | ClientAlternative
  | AnswerAlternative;

export interface FallbackOptions {
  /**
   * What to try, in this order, when a call is lost: one list for every endpoint, or one for each endpoint by its
   * name, in which case calls to others have none.
   */
  alternatives: readonly FallbackAlternative[] | Readonly<Record<string, readonly FallbackAlternative[]>>;
  /**
   * The errors that are a reason to try them.
   * @default every {@link FallbackReason} - what is left is the caller's own fault (invalid input, permissions, other
   * 4xx), which each alternative would answer the same, and the end of the call: an abort, the deadline
   */
  on?: FallbackReasons;
  /**
   * How long a call waits for a model that is being loaded before `notReady` is its error, in milliseconds.
   * `retry.warmUp.maxWaitMs` bounds it as well, and is all that bounds the last alternative.
   * @default 0 where `notReady` is a reason - an alternative that answers now beats a model that loads for minutes;
   * otherwise no bound
   */
  waitForModelMs?: number;
}
