import type { Call } from "../lib/call.ts";
import { type CancelReason, CancelSignal } from "../lib/cancellation.ts";
import { callCancellationError } from "../lib/errors/cancellation-error.ts";
import { layer } from "../lib/layer.ts";
import { policyResult } from "../lib/protocol/policy-result.ts";
import { runFork } from "../lib/run-fork.ts";
import type { CallArgs, CallHandler, CallResult, Layer } from "../lib/types.ts";
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

/**
 * Any cockatiel policy as a layer. It runs once per call, and once more for each alternative of `fallback` that is sent:
 * inside of `metrics`, `deadline` and `fallback`, and outside of everything else. It may run the call again or not at
 * all: what the call comes to is what the policy makes of it. Where the policy's
 * signal aborts, the run in progress ends; where the caller, the deadline or the client ends the call, its runs
 * end, the stream that one has answered with included, and the policy's signal aborts. A value that the policy
 * itself answers with (a fallback) is the output of the call; text or bytes as its `Body` read as an answer's.
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
      const runs = new PolicyRuns(call.settings.abortSignal);
      // For good: a stream that a run has answered with goes on after the policy.
      call.running = runs;
      const run = ({ signal }: { readonly signal: AbortSignal }) => {
        const fork = call.fork();
        return runs.add(fork, runOnce(next, args, fork, signal));
      };
      try {
        // Not all that a policy waits for ends with its signal: cockatiel's back-off does not.
        const value = await runs.wait(cockatielPolicy.execute(run, runs.signal));
        if (call.cancelled === undefined) return policyResult(value, call);
      } catch (error) {
        if (call.cancelled === undefined) throw error;
      }
      await runs.latest;
      throw callCancellationError(call);
    };
  });
}

/** Ends the policy with the call: whatever it waits for, and its runs, whether it hands the signal on to them or not. */
class PolicyRuns extends CancelSignal {
  readonly #forks: Call[] = [];
  /** Settles with the run that was begun last, and does not reject. */
  latest: Promise<void> | undefined;

  add(fork: Call, run: Promise<CallResult>): Promise<CallResult> {
    const isOver = () => {};
    this.#forks.push(fork);
    this.latest = run.then(isOver, isOver);
    return run;
  }

  override cancel(reason: CancelReason): void {
    // Ahead of the signal, which does not say to them what ended the call.
    for (const fork of this.#forks) fork.cancel(reason);
    super.cancel(reason);
  }
}

/** One run, as a call of its own: the one before may have been cancelled. */
async function runOnce(
  next: CallHandler,
  { input, call }: CallArgs,
  fork: Call,
  signal: AbortSignal,
): Promise<CallResult> {
  const end = () => fork.cancel("abort");
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  try {
    return await runFork(next, input, fork);
  } finally {
    signal.removeEventListener("abort", end);
    call.adopt(fork);
  }
}
