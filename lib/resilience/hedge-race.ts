import type { Attempt } from "../attempt.ts";
import type { Cancellable, CancelReason } from "../cancellation.ts";
import type { Classification } from "../classify.ts";
import type { Timer } from "../clock.ts";
import type { HttpRequest } from "../http.ts";
import { attemptOf, type CallArgs, type CallHandler, type CallResult, requestOf } from "../types.ts";
import { type Polled, timeIsUp } from "../whole-poll.ts";
import { hedgeArgs, hedgeTargetOf } from "./hedge-request.ts";
import type { HedgeSettings } from "./hedge-settings.ts";
import type { HedgeState } from "./hedge-state.ts";

/**
 * An attempt, and beside it, once it is slow, another one: the first answer counts, and the other attempt is
 * cancelled. Whoever awaits the first attempt says how it ended, and gets the end of both: nothing of either
 * runs any more by then, since a cancelled attempt ends within the tick.
 */
export class HedgeRace implements Cancellable, Polled {
  readonly #args: CallArgs;
  readonly #first: Attempt;
  /** As it is before signing, which puts another one in its place. */
  readonly #request: HttpRequest;
  readonly #next: CallHandler;
  readonly #state: HedgeState;
  readonly #settings: HedgeSettings;
  /** How long the first attempt may take; `undefined` where nothing is known to compare it with. */
  readonly #slowAfterMs: number | undefined;
  #timer: Timer;
  #slowAt = 0;
  #hedge: Attempt | undefined;
  #paidAt = 0;
  /** Settles when the hedge has ended; never rejects. */
  #hedgeEnd: Promise<void> | undefined;
  #hedgeAnswer: CallResult | undefined;
  #hedgeError: unknown;
  /** Whose end is that of both. */
  #winner: Attempt | undefined;

  constructor(args: CallArgs, next: CallHandler, state: HedgeState, settings: HedgeSettings) {
    this.#args = args;
    this.#first = attemptOf(args);
    this.#request = requestOf(args);
    this.#next = next;
    this.#state = state;
    this.#settings = settings;
    this.#hedge = undefined;
    this.#hedgeEnd = undefined;
    this.#hedgeAnswer = undefined;
    this.#hedgeError = undefined;
    this.#winner = undefined;
    const { startedAt } = this.#first;
    state.attempted(startedAt);
    this.#slowAfterMs = state.slowAfterMs(startedAt);
    this.#startTimer();
  }

  /** Ends both, with their call. */
  cancel(reason: CancelReason): void {
    this.#first.cancel(reason);
    this.#hedge?.cancel(reason);
  }

  /** The first attempt is slow. Starts the hedge, where there may be one. */
  onPolled(): void {
    if (this.#timer === undefined) return;
    this.#timer = undefined;
    const { call } = this.#first;
    if (this.#first.cancelled !== undefined || isBeingAnswered(this.#first)) return;
    if (!this.#first.sent) {
      // It waits in this process, for credentials or a connection, and a hedge would stand in the same queue.
      this.#startTimer();
      return;
    }
    const now = call.clock.now();
    const suppression = this.#state.pay(call, now);
    if (suppression !== undefined) {
      call.recorder?.hedgeSuppressed(call, suppression);
      return;
    }
    this.#paidAt = now;
    call.running = this;
    this.#hedge = call.startAttempt("hedge", hedgeTargetOf(this.#first, this.#settings));
    this.#hedgeEnd = this.#run(this.#hedge);
  }

  /** To be told the answer of the first attempt; gives back the one that counts. */
  firstAnswered(answer: CallResult): CallResult | Promise<CallResult> {
    this.#stopTimer();
    this.#observeFirst();
    return this.#hedge === undefined ? answer : this.#settleAnswered(this.#hedge, answer);
  }

  /**
   * To be told the error of the first attempt; gives back the answer of the hedge.
   *
   * @throws the error that counts, where there is no answer
   */
  async firstFailed(error: unknown): Promise<CallResult> {
    this.#stopTimer();
    const first = this.#first;
    const end = first.end(error);
    if (first.cancelled === "hedge" || end.retry === "timeout") this.#observeFirst();
    const hedge = this.#hedge;
    if (hedge === undefined) throw error;
    first.stream?.close(error);
    const isHedgeOver = this.#hedgeError !== undefined;
    if (this.#winner === undefined && isCertain(first, end)) this.#win(first, hedge);
    await this.#hedgeEnd;
    this.#winner ??= isHedgeOver ? heavier(hedge, first) : heavier(first, hedge);
    this.#close(hedge);
    if (this.#hedgeAnswer !== undefined) return this.#hedgeAnswer;
    throw this.#winner === first ? error : this.#hedgeError;
  }

  async #settleAnswered(hedge: Attempt, answer: CallResult): Promise<CallResult> {
    const first = this.#first;
    if (this.#winner === undefined) this.#win(first, hedge);
    await this.#hedgeEnd;
    this.#close(hedge);
    if (this.#hedgeAnswer === undefined) return answer;
    // Both answered in the same moment, and the hedge was looked at first.
    first.stream?.close();
    return this.#hedgeAnswer;
  }

  async #run(hedge: Attempt): Promise<void> {
    try {
      const answer = await this.#next(hedgeArgs(this.#args, this.#request, hedge));
      if (this.#winner === undefined) {
        this.#hedgeAnswer = answer;
        this.#win(hedge, this.#first);
      } else {
        hedge.stream?.close();
      }
    } catch (error) {
      hedge.end(error);
      hedge.stream?.close(error);
      this.#hedgeError = error;
    }
  }

  #win(winner: Attempt, loser: Attempt): void {
    this.#winner = winner;
    if (loser.classification === undefined || loser.stream !== undefined) loser.cancel("hedge");
  }

  /** Says to the layers outside which attempt counts, and to the metrics what became of the hedge. */
  #close(hedge: Attempt): void {
    const winner = this.#winner ?? this.#first;
    const { call } = winner;
    this.#args.attempt = winner;
    call.running = winner;
    if (!winner.isRefused) call.decidedBy = winner;
    if (hedge.isRefused) {
      this.#state.giveBack(call, this.#paidAt, call.clock.now());
      call.recorder?.hedgeSuppressed(call, "overload");
    } else if (this.#hedgeAnswer !== undefined) {
      call.recorder?.hedged(call, "won");
    } else {
      call.recorder?.hedged(call, isFailure(hedge) ? "failed" : "lost");
    }
  }

  #observeFirst(): void {
    const { admittedAt, call } = this.#first;
    const now = call.clock.now();
    this.#state.took(now - admittedAt, now);
  }

  #startTimer(): void {
    if (this.#slowAfterMs === undefined) return;
    const { clock } = this.#first.call;
    this.#slowAt = clock.now() + this.#slowAfterMs;
    this.#timer = clock.setTimeout(firstIsSlow, this.#slowAfterMs, this);
  }

  fired(): void {
    timeIsUp(this, this.#first.call.clock, this.#slowAt);
  }

  #stopTimer(): void {
    this.#first.call.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function firstIsSlow(race: HedgeRace): void {
  race.fired();
}

/** The model has done its work once the head of a whole answer is here; a stream may still owe its first part. */
function isBeingAnswered(attempt: Attempt): boolean {
  return attempt.statusCode !== 0 && !attempt.call.operation.isStreaming;
}

/** The end of the call, or an answer that says the request itself is wrong, or who sent it: another gets the same. */
function isCertain(attempt: Attempt, end: Classification): boolean {
  return end.retry === "never" && end.breaker === "ignored" && !attempt.isRefused;
}

/** The later error counts, unless the earlier one says more: it may be tried again, or at least was an answer. */
function heavier(earlier: Attempt, later: Attempt): Attempt {
  if (later.call.cancelled !== undefined) return later;
  return weightOf(earlier) > weightOf(later) ? earlier : later;
}

function weightOf(attempt: Attempt): number {
  if (attempt.isRefused) return 0;
  return attempt.classification?.retry === "never" ? 1 : 2;
}

function isFailure({ outcome }: Attempt): boolean {
  return outcome !== "ok" && outcome !== "cancelled" && outcome !== undefined;
}
