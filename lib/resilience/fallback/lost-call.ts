import type { Call } from "../../call.ts";
import { callCancellationError } from "../../errors/cancellation-error.ts";
import { describeFailure } from "../../errors/describe-failure.ts";
import { resultWith } from "../../protocol/local-answer.ts";
import type { HashedPayload } from "../../protocol/payload.ts";
import { membersOf } from "../../protocol/shape.ts";
import { runFork } from "../../run-fork.ts";
import { targetOf } from "../../target.ts";
import type { CallArgs, CallHandler, CallResult } from "../../types.ts";
import { type Alternative, inputFor, isOpenTo, isTriggered, type SentAlternative } from "./alternative.ts";
import { outputOf } from "./answer.ts";
import { askClient, askFunction } from "./ask.ts";
import { FallbackState } from "./fallback-state.ts";
import type { FallbackCause } from "./metadata.ts";
import type { FallbackPlan } from "./plan.ts";
import { causeOf } from "./reasons.ts";

/** A call that failed, on its way through the alternatives. */
export class LostCall {
  readonly #next: CallHandler;
  readonly #call: Call;
  readonly #input: object;
  readonly #error: Error;
  readonly #hashed: HashedPayload | undefined;

  /**
   * @param args as they are after the run that failed
   * @param input of the call, before any layer changed it
   */
  constructor(next: CallHandler, args: CallArgs, input: object, error: Error) {
    this.#next = next;
    this.#call = args.call;
    this.#input = input;
    this.#error = error;
    this.#hashed = hashedPayloadOf(args);
  }

  /**
   * Asks one alternative after the other.
   *
   * @throws the error that the call was lost for, with what the alternatives failed with
   */
  async fallBack(plan: FallbackPlan): Promise<CallResult> {
    const call = this.#call;
    const cause = causeOf(this.#error);
    const list = plan.alternatives.filter(
      (alternative) =>
        isOpenTo(alternative, call, this.#input) && isTriggered(alternative, this.#error, cause),
    );
    const lostBy = call.decidedBy;
    // A layer may have failed on an answer that is still arriving.
    lostBy?.stream?.close(this.#error);
    if (lostBy?.call === call) lostBy.end(this.#error);
    const failures: Error[] = [];
    for (const [index, alternative] of list.entries()) {
      if (call.remainingMs() === 0) break;
      // One that was asked before it may have run the call.
      if (!isOpenTo(alternative, call, this.#input)) continue;
      try {
        const result = await this.#ask(alternative, plan.waitBeforeNextMs(index + 1 < list.length));
        call.recorder?.fellBack(call, alternative.kind, cause, "ok");
        return withMetadata(result, alternative, cause);
      } catch (failure) {
        if (call.cancelled !== undefined) throw callCancellationError(call, this.#error);
        call.recorder?.fellBack(call, alternative.kind, cause, "error");
        failures.push(failure instanceof Error ? failure : new Error("no answer", { cause: failure }));
      }
    }
    call.decidedBy = lostBy;
    if (failures.length > 0) addFailures(this.#error, failures);
    throw this.#error;
  }

  #ask(alternative: Alternative, waitForModelMs: number | undefined): Promise<CallResult> | CallResult {
    const call = this.#call;
    if ("client" in alternative && alternative.client === undefined) {
      return this.#send(alternative, waitForModelMs);
    }
    // No attempt of this client decides what others answer.
    call.decidedBy = undefined;
    if (alternative.kind === "constant") return resultWith(outputOf(alternative.answer, call.operation));
    if (alternative.kind === "function") return askFunction(alternative, call, this.#input, this.#error);
    return askClient(alternative, call, this.#input);
  }

  async #send(alternative: SentAlternative, waitForModelMs: number | undefined): Promise<CallResult> {
    const call = this.#call;
    const input = inputFor(alternative, this.#input);
    const fork = call.fork(targetOf(input), new FallbackState(true, waitForModelMs, this.#hashed));
    call.running = fork;
    try {
      return await runFork(this.#next, input, fork);
    } catch (error) {
      throw error instanceof Error ? describeFailure(error, fork) : error;
    } finally {
      call.adopt(fork);
    }
  }
}

/** An output of its own: calls that share an invocation may have got the same one otherwise. */
function withMetadata(
  { response, output }: CallResult,
  { index, kind, name }: Alternative,
  reason: FallbackCause,
): CallResult {
  if (output === undefined) return { response, output };
  const $metadata = { ...output.$metadata, fallback: { index, kind, name, reason } };
  return { response, output: { ...output, $metadata } };
}

/**
 * Not enumerable, as the other fields of an error of a call: `console.log(error)` shows the error itself first. One of a
 * user's layer that is frozen stays as it is.
 */
function addFailures(error: Error, failures: readonly Error[]): void {
  Reflect.defineProperty(error, "fallbackErrors", { value: failures, enumerable: false, configurable: true });
}

/** What `serialize` made of the payload, unless another layer had a hand in it. */
function hashedPayloadOf({ input, request, call }: CallArgs): HashedPayload | undefined {
  if (request === undefined || request.body !== call.hashedBody) return undefined;
  const digest = request.headers["x-amz-content-sha256"];
  return digest ? { body: membersOf(input).Body, bytes: request.body, digest } : undefined;
}
