import type { MiddlewareStack } from "@smithy/types";
import type { Call } from "./call.ts";
import { sayAttempts } from "./call-metadata.ts";
import type { Command, ServiceInputTypes, ServiceOutputTypes } from "./commands.ts";
import { changedOptions, optionsOf } from "./config/changed-options.ts";
import type { SageMakerRuntimeClientConfig } from "./config/client-config.ts";
import { type ClientConfigView, viewOf } from "./config/config-view.ts";
import type { ResilienceOptions } from "./config/resilience-config.ts";
import { type ClientConfig, reconfigured, resolveConfig, withOptions } from "./config/resolve-config.ts";
import { describeFailure } from "./errors/describe-failure.ts";
import { AbortError } from "./errors/local-errors.ts";
import { type AnyCommand, Handlers } from "./handlers.ts";
import { begin } from "./layer.ts";
import { LiveCalls } from "./live-calls.ts";
import { checkCommand, openCall } from "./open-call.ts";
import { type Assembled, addLayers } from "./pipeline.ts";
import type { Breaker } from "./resilience/breaker/breaker.ts";
import type { ConcurrencyLimiter } from "./resilience/limiter/concurrency-limiter.ts";
import { type SendCallback, tell } from "./send-callback.ts";
import type { SendOptions } from "./send-options.ts";
import { createObservedStack, letGoOfNames, showOnly } from "./stack.ts";
import { HttpTransport } from "./transport/http-transport.ts";
import type { Transport } from "./transport/transport.ts";
import {
  attemptOf,
  type CallArgs,
  type CallHandler,
  type CallResult,
  type OutputWithMetadata,
  requestOf,
} from "./types.ts";

const NO_OUTPUT = "the stack gave no output: a layer returned nothing, or deserialize() is missing";

/**
 * A client of Amazon SageMaker endpoints, with the interface of the official one. Make one per process and
 * share it: it holds the connections, and what it learns about each endpoint.
 *
 * @throws {TypeError} at construction, for an option that does not exist or is not honoured
 * @throws {RangeError} at construction, for a value that is not allowed
 */
export class SageMakerRuntimeClient {
  /** The layers that every call passes. Changing it takes effect for the calls that start afterwards. */
  readonly middlewareStack: MiddlewareStack<ServiceInputTypes, ServiceOutputTypes>;
  /** As code gave them, with its changes since. */
  #options: SageMakerRuntimeClientConfig;
  /** What goes before them. */
  #resilience: ResilienceOptions;
  readonly #endOfChanges: (() => void) | undefined;
  #config: ClientConfig;
  #view: ClientConfigView;
  readonly #stack: MiddlewareStack<object, object>;
  readonly #transport: Transport;
  readonly #handlers: Handlers;
  readonly #live = new LiveCalls();
  readonly #assembled: Assembled;
  #isClosed = false;
  /** Whether the block of an `await using` has been left. */
  #isLeft = false;

  constructor(configuration: SageMakerRuntimeClientConfig = {}) {
    const { resilience, ...options } = configuration;
    this.#options = options;
    this.#resilience = optionsOf(resilience);
    this.#config = resolveConfig(changedOptions(options, this.#resilience));
    this.#view = viewOf(this.#config);
    this.#stack = createObservedStack(() => this.#handlers.forget());
    this.#handlers = new Handlers(this.#stack, (args) => this.#exchange(args));
    this.#assembled = addLayers(this.#stack, this.#config);
    showOnly(this.#stack, (name) => !this.#assembled.isOff(name));
    if (resilience !== undefined) this.#check(options);
    letGoOfNames(this.#stack, (name) => this.#assembled.giveUp(name));
    this.middlewareStack = this.#stack as MiddlewareStack<ServiceInputTypes, ServiceOutputTypes>;
    this.#transport = new HttpTransport({ ...this.#config, connectMs: this.#config.timeouts.connectMs });
    this.#endOfChanges = resilience?.subscribe((changed) => this.#goOver(this.#options, changed));
  }

  /**
   * The options in force, from code, environment, profile and defaults: those of the AWS SDK in its form, such as
   * `await client.config.region()`, the others as they are.
   */
  get config(): ClientConfigView {
    return this.#view;
  }

  /**
   * Makes the call that `command` describes.
   *
   * @throws {InvalidInputError} before anything is sent, for an input that breaks a rule of the service
   * @throws {SageMakerRuntimeServiceException} for an error that the service answers with
   * @throws {TimeoutError} when one of the clocks runs out; {@link AbortError} when `abortSignal` fires
   * @throws {ConnectionError} when the connection fails; {@link CircuitOpenError} when the target is down
   * @throws {ConcurrencyLimitError} when target and queue are full; {@link TypeError} and {@link RangeError} for options
   */
  send<Input extends object, Output extends OutputWithMetadata>(
    command: Command<Input, Output>,
    options?: SendOptions,
  ): Promise<Output>;
  send<Input extends object, Output extends OutputWithMetadata>(
    command: Command<Input, Output>,
    callback: SendCallback<Output>,
  ): void;
  send<Input extends object, Output extends OutputWithMetadata>(
    command: Command<Input, Output>,
    options: SendOptions,
    callback: SendCallback<Output>,
  ): void;
  send<Input extends object, Output extends OutputWithMetadata>(
    command: Command<Input, Output>,
    options?: SendOptions | SendCallback<Output>,
    callback?: SendCallback<Output>,
  ): Promise<Output> | undefined {
    if (typeof options === "function")
      return tell(options, this.#call(command, undefined) as Promise<Output>);
    const answer = this.#call(command, options) as Promise<Output>;
    return callback === undefined ? answer : tell(callback, answer);
  }

  #call(command: object, options: SendOptions | undefined): Promise<OutputWithMetadata> {
    let call: Call;
    let handler: CallHandler;
    let ours: AnyCommand;
    try {
      if (this.#isClosed) throw new AbortError("The client was closed");
      ours = checkCommand(command);
      call = openCall(ours, options, this.#config.clock);
      handler = this.#handlers.of(ours);
    } catch (error) {
      return Promise.reject(error);
    }
    this.#live.add(call);
    return begin(handler, { input: ours.input, request: undefined, call, attempt: undefined }).then(
      (result) => this.#answered(call, result),
      (error) => this.#failed(call, error),
    );
  }

  /**
   * Waits for the calls in flight and closes the connections. New calls are refused from now on. A stream is in flight
   * until it was read or left, also one that is yet to be read. For an end without waiting, see {@link destroy}.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endOfChanges?.();
    await this.#live.whenIdle();
    this.#assembled.release();
    await this.#transport.close();
  }

  /**
   * Changes options while calls run: all of them at once, or none where one is wrong. An option that is given takes the
   * place of the one in force, but for functions and stores of `retry`, `circuitBreaker`, `concurrencyLimit`, which stay.
   *
   * A file of `resilience` goes before it. Calls that were started before go on as they began. What is known of
   * targets stays (breakers, budgets, limits, latencies), also of a layer that is switched off and on again.
   *
   * @throws {TypeError} for an option that does not exist, cannot be changed, or contradicts another
   * @throws {RangeError} for a value that is not allowed; nothing has changed then
   */
  reconfigure(changes: ResilienceOptions): void {
    const options = changedOptions(this.#options, changes);
    this.#check(options);
    this.#goOver(options, this.#resilience);
  }

  /** The circuit breakers, one per target that was called: to look at, or to move by hand. Empty where they are off. */
  get breakers(): Iterable<Breaker> {
    return this.#assembled.breakers;
  }

  /** What may be in flight to each target that was called: to look at. Empty with `concurrencyLimit: false`. */
  get limiters(): Iterable<ConcurrencyLimiter> {
    return this.#assembled.limiters;
  }

  /** Ends every call in flight with an AbortError and closes the connections. */
  destroy(): void {
    this.#isClosed = true;
    this.#endOfChanges?.();
    this.#live.cancelAll();
    this.#assembled.release();
    this.#transport.destroy();
  }

  /**
   * `await using client = ...` closes it as {@link close} does, but for streams that nobody has begun to read: the block
   * that could is over, perhaps by an error that would never be seen. They are cancelled.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isLeft = true;
    this.#live.cancelUnreadSoon();
    await this.close();
  }

  /** Options that a file goes before must be right as well: they are in force once it no longer says them. */
  #check(options: SageMakerRuntimeClientConfig): void {
    this.#assembled.prepare(withOptions(this.#config, options));
  }

  #goOver(options: SageMakerRuntimeClientConfig, resilience: ResilienceOptions): void {
    const config = reconfigured(this.#config, changedOptions(options, resilience));
    const goOver = this.#assembled.prepare(config);
    goOver();
    this.#options = options;
    this.#resilience = resilience;
    this.#config = config;
    this.#view = viewOf(config);
    this.#handlers.forget();
  }

  #answered(call: Call, result: CallResult | undefined): OutputWithMetadata {
    const output = result?.output;
    if (output === undefined || output === null) return this.#failed(call, new TypeError(NO_OUTPUT));
    this.#handOver(call);
    call.settle(undefined);
    sayAttempts(output, call);
    return output;
  }

  #failed(call: Call, error: unknown): never {
    this.#live.remove(call);
    // A layer may have failed on an answer that is still arriving.
    call.decidedBy?.stream?.close(error);
    call.settle(error);
    throw error instanceof Error ? describeFailure(error, call) : error;
  }

  /** A call whose answer is still arriving is in flight until that has ended. */
  #handOver(call: Call): void {
    const stream = call.decidedBy?.stream;
    if (stream === undefined) {
      this.#live.remove(call);
      return;
    }
    stream.isHandedOver = true;
    stream.end.onEnd(() => this.#live.remove(call));
    if (this.#isLeft) this.#live.cancelUnreadSoon();
  }

  #exchange(args: CallArgs): Promise<CallResult> {
    return this.#transport.send(requestOf(args), attemptOf(args));
  }
}
