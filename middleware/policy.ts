import type { Cancellable, CancelReason } from "../lib/cancellation.ts";
import { callCancellationError } from "../lib/errors/cancellation-error.ts";
import { layer } from "../lib/layer.ts";
import type { CallArgs, CallHandler, CallResult, Layer, OutputWithMetadata } from "../lib/types.ts";
import { checkKeys, invalidOption, show } from "../lib/validate.ts";

/** What a policy of cockatiel is here: retry, breaker, timeout, bulkhead, fallback, or several wrapped. */
export interface Policy {
  execute(
    run: (context: { readonly signal: AbortSignal }) => Promise<CallResult>,
    signal: AbortSignal,
  ): Promise<unknown>;
}

export interface PolicyOptions {
  /** Of the layer; more than one policy in a stack need different ones. @default "policy" */
  name?: string;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Any cockatiel policy as a layer. It runs once per call, inside of the deadline and outside of everything else, and may
 * run the call again or not at all: what the call comes to is what the policy makes of it. Where the policy's
 * signal aborts, the run in progress ends; where the caller, the deadline or the client ends the call, the
 * policy's signal aborts. A value that the policy itself answers with (a fallback) is the output of the call.
 *
 * Errors of cockatiel, such as `BrokenCircuitError`, reach the caller as they are.
 *
 * @throws {TypeError} for something that is no policy
 */
export function policy(cockatielPolicy: Policy, options: PolicyOptions = {}): Layer {
  if (typeof cockatielPolicy?.execute !== "function") {
    throw new TypeError(`policy() takes a cockatiel policy, got ${show(cockatielPolicy)}`);
  }
  checkKeys("policy", options, ["name"]);
  const { name = "policy" } = options;
  if (typeof name !== "string" || name === "") throw invalidOption("policy.name", "a name", name);

  return layer({ name, step: "initialize", priority: "low" }, (next) => {
    return async function policyCall(args) {
      const { call } = args;
      const runs = new PolicyRuns();
      call.running = runs;
      const run = (context: { readonly signal: AbortSignal }) =>
        runs.add(runFork(next, args, context.signal));
      try {
        // Not all that a policy waits for ends with its signal: cockatiel's back-off does not.
        const value = await Promise.race([cockatielPolicy.execute(run, runs.signal), runs.cancelled]);
        if (call.cancelled === undefined) return resultOf(value);
      } catch (error) {
        if (call.cancelled === undefined) throw error;
      } finally {
        call.running = undefined;
      }
      await runs.latest;
      throw callCancellationError(call);
    };
  });
}

/** Ends the policy with the call: whatever it waits for, and the run in progress. */
class PolicyRuns implements Cancellable {
  readonly cancelled: Promise<undefined>;
  /** Settles with the run that was begun last, and does not reject. */
  latest: Promise<void> | undefined;
  readonly #controller = new AbortController();
  #onCancelled!: (value: undefined) => void;

  constructor() {
    this.cancelled = new Promise((resolve) => {
      this.#onCancelled = resolve;
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  add(run: Promise<CallResult>): Promise<CallResult> {
    const isOver = () => {};
    this.latest = run.then(isOver, isOver);
    return run;
  }

  cancel(reason: CancelReason): void {
    this.#controller.abort(reason);
    this.#onCancelled(undefined);
  }
}

/** One run, as a call of its own: the one before may have been cancelled. */
async function runFork(
  next: CallHandler,
  { input, call }: CallArgs,
  signal: AbortSignal,
): Promise<CallResult> {
  const fork = call.fork();
  const end = () => fork.cancel("abort");
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  try {
    const result = await next({ input, request: undefined, call: fork, attempt: undefined });
    fork.settle(undefined);
    return result;
  } catch (error) {
    fork.settle(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", end);
    call.adopt(fork);
  }
}

/** What came from below, or a value of the policy's own in the shape of it. */
function resultOf(value: unknown): CallResult {
  if (isResult(value)) return value;
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`a policy must answer with an output of the command, got ${show(value)}`);
  }
  const output: OutputWithMetadata = { $metadata: {}, ...value };
  return { response: { statusCode: 200, headers: {}, body: NO_BYTES }, output };
}

function isResult(value: unknown): value is CallResult {
  return typeof value === "object" && value !== null && "response" in value && "output" in value;
}
