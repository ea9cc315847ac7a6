import type { MiddlewareStack } from "@smithy/types";
import { circuitBreaker } from "../../middleware/circuit-breaker.ts";
import { concurrencyLimit } from "../../middleware/concurrency-limit.ts";
import { deadline } from "../../middleware/deadline.ts";
import { metrics } from "../../middleware/metrics.ts";
import { retry } from "../../middleware/retry.ts";
import { addTo } from "../layer.ts";
import type { Breaker } from "../resilience/breaker/breaker.ts";
import type { ConcurrencyLimiter } from "../resilience/limiter/concurrency-limiter.ts";
import { middlewareOf } from "../slot.ts";
import type { Layer } from "../types.ts";
import { countAttempts, endAttempt, exchange, startAttempt } from "./attempts.ts";
import { CancellableHandler, type HttpHandlerSeam } from "./cancellable-handler.ts";
import { checkStack, PLUGIN_NAME, RETRY_NAME, replaceRetry, SIGNING_NAME } from "./official-stack.ts";
import { openCalls } from "./open-calls.ts";
import { type PluginOptions, resolvePluginOptions } from "./options.ts";
import { waitForCall } from "./wait-for-call.ts";

/** What {@link resilience} makes: a Smithy `Pluggable`, and an extension of the AWS SDK's clients. */
export interface Resilience extends Layer {
  /** The circuit breakers, one per target that was called: to look at, or to move by hand. Empty where they are off. */
  readonly breakers: Iterable<Breaker>;
  /** What may be in flight to each target that was called: to look at. Empty with `concurrencyLimit: false`. */
  readonly limiters: Iterable<ConcurrencyLimiter>;
  /**
   * For `extensions` of the client: has what is cancelled end its request, too, whose connection is closed. Without it, a
   * request of a call whose time is up goes on, and holds its permit, until it ends by itself. And has `destroy()` of the
   * client take its breakers and limits out of the metrics, and end the reading of a store of breakers.
   */
  configure(extension: HttpHandlerSeam): void;
}

/** Around each attempt, where everything that has to wait has been waited for, and ahead of the signature. */
const AHEAD_OF_SIGNING = { relation: "before", toMiddleware: SIGNING_NAME } as const;

/**
 * The layers of this package for a client of the AWS SDK: `new SageMakerRuntimeClient({ extensions: [layers] })` of
 * `@aws-sdk/client-sagemaker-runtime`, and `client.middlewareStack.use(layers)`. Requests, signatures, connections,
 * outputs and errors stay the SDK's, as do all other plug-ins; errors have `attempts` and `mayHaveExecuted` besides.
 *
 * One for each client: with one for several, these share breakers, limits and budgets.
 *
 * @throws {TypeError} for an option that does not exist; {@link RangeError} for a value that is not allowed. By `use`, a
 * {@link TypeError} for a stack that has these layers already, or is not that of a client of the AWS SDK
 */
export function resilience(options: PluginOptions = {}): Resilience {
  const settings = resolvePluginOptions(options);
  const { clock } = settings;
  const counting = settings.metrics === undefined ? undefined : metrics(settings.metrics);
  const bounding = deadline(settings.deadline);
  const retrying = settings.retry === false ? undefined : retry(settings.retry, settings);
  const breaking =
    settings.circuitBreaker === false ? undefined : circuitBreaker(settings.circuitBreaker, settings);
  const limiting =
    settings.concurrencyLimit === false ? undefined : concurrencyLimit(settings.concurrencyLimit, settings);

  /** The order within each step is that of adding. */
  function applyToStack<Input extends object, Output extends object>(
    stack: MiddlewareStack<Input, Output>,
  ): void {
    checkStack(stack);
    if (retrying !== undefined) replaceRetry(stack, retrying);
    // What plug-ins further out find in the metadata is right after every retry.
    addTo(stack, { name: "attemptCount", relation: "before", toMiddleware: RETRY_NAME }, countAttempts);
    if (retrying === undefined) addTo(stack, { name: "attemptStart", ...AHEAD_OF_SIGNING }, startAttempt);
    if (breaking !== undefined)
      addTo(stack, { name: breaking.name, ...AHEAD_OF_SIGNING }, middlewareOf(breaking));
    if (limiting !== undefined)
      addTo(stack, { name: limiting.name, ...AHEAD_OF_SIGNING }, middlewareOf(limiting));

    // Outside of all: what it makes, the others go by.
    const isRepeating = retrying !== undefined;
    addTo(stack, { name: PLUGIN_NAME, step: "initialize" }, openCalls(clock, isRepeating));
    // It has a second layer, which is to be inside of the limit: an attempt counts from its permit on.
    if (counting !== undefined) stack.use(counting);
    bounding.applyToStack(stack);
    // Inside of the clock that it goes by.
    addTo(stack, { name: "callWait", step: "initialize" }, waitForCall);

    // Inside of whatever goes by the end of an attempt; the signature is looked at as well.
    addTo(stack, { name: "attemptEnd", ...AHEAD_OF_SIGNING }, endAttempt);
    // Where the answer is still one of HTTP.
    addTo(
      stack,
      { name: "attemptExchange", relation: "after", toMiddleware: "deserializerMiddleware" },
      exchange,
    );
  }

  function release(): void {
    breaking?.forgetAll();
    limiting?.forgetAll();
  }

  return {
    name: PLUGIN_NAME,
    applyToStack,
    breakers: breaking?.breakers ?? [],
    limiters: limiting?.limiters ?? [],
    configure(extension) {
      extension.setHttpHandler(new CancellableHandler(extension.httpHandler(), release));
    },
  };
}
