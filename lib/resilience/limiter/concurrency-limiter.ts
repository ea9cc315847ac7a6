import type { Clock } from "../../clock.ts";
import type { Target } from "../../target.ts";
import { Timeouts } from "../../timeouts.ts";
import { AnswerTime, HoldTime } from "../answer-time.ts";
import type { KeyedUnit } from "../keyed.ts";
import type { OverloadSignal } from "../overload-signal.ts";
import type { EndSign, Limit } from "./limit.ts";
import type { LimiterSettings } from "./limiter-settings.ts";
import { LostPermits } from "./lost-permits.ts";
import { Pacer } from "./pacer.ts";
import { answeredPermit, heldWith, isAnswered, NO_PERMIT, permitOf, spellOf } from "./permit.ts";
import { PermitQueue } from "./permit-queue.ts";
import { type CallPriority, PRIORITY_RANK } from "./priority.ts";
import { type Tenant, Tenants } from "./tenants.ts";
import { type Caller, type WaitEnd, Waiter, type WaitingRoom } from "./waiter.ts";

/** The part of the queue's time limit for which it may be in use, and a newcomer have to wait, before the newest go first. */
const PRESSURE_SHARE = 0.1;

const PATIENT: Caller = { deadlineAt: Number.POSITIVE_INFINITY };

/**
 * The permits of one target. Whoever finds one free takes it in the same tick, with nothing allocated;
 * everybody else waits in a bounded queue. While somebody waits nobody overtakes: a permit that becomes free
 * is handed to a waiter before anyone else can ask for it.
 *
 * The queue is first come, first served, until it has not been empty for a tenth of its time limit and a newcomer would wait
 * for as long. From then on the newest is served first: most of the old ones would time out in any case, and serving each of
 * them just before it does would make everybody late. A queue that is never empty and moves on fast is under no pressure:
 * newest first, it would starve the oldest for nothing. Only an oldest whose call ends before it could be answered lets the
 * newest go first: it would take its permit for nothing, and so would the next oldest after it.
 */
export class ConcurrencyLimiter implements KeyedUnit, OverloadSignal, WaitingRoom {
  readonly target: Target;
  lastUsed = 0;
  #settings: LimiterSettings;
  readonly #clock: Clock;
  /** Of those that wait; a waiter keeps to the ones that it began with. */
  #timeouts: Timeouts;
  #limit: Limit;
  readonly #queue = new PermitQueue();
  readonly #tenants = new Tenants();
  /** On only beside an adaptive limit: a fixed one stays as it was given. */
  readonly #pacer: Pacer;
  #inFlight = 0;
  /** Those of them whose stream has begun. */
  #streaming = 0;
  /** {@link Clock.now} since when somebody has been waiting. */
  #queuedSince = 0;
  readonly #hold = new HoldTime();
  /** When the newest of the attempts took its permit that were answered. */
  #newestAnswered = Number.NEGATIVE_INFINITY;
  readonly #answerTime = new AnswerTime();
  readonly #lost = new LostPermits();

  constructor(target: Target, settings: LimiterSettings) {
    this.target = target;
    this.#settings = settings;
    this.#clock = settings.clock;
    this.#timeouts = new Timeouts(settings.clock, settings.queueTimeoutMs);
    this.#limit = settings.createLimit();
    this.#pacer = new Pacer(settings.clock, settings.isAdaptive, () => this.#handOut());
  }

  /**
   * Goes by other settings from now on. Who holds a permit keeps it, who waits keeps waiting, and what was learnt
   * about the target counts on; a higher limit serves those who wait at once.
   */
  retune(settings: LimiterSettings): void {
    this.#settings = settings;
    this.#timeouts = new Timeouts(settings.clock, settings.queueTimeoutMs);
    this.#limit = settings.createLimit(this.#limit);
    this.#pacer.turn(settings.isAdaptive);
    this.#handOut();
  }

  /** Permits that may be held now. Fewer than are held, after a cut. */
  get limit(): number {
    return this.#limit.value;
  }

  /** Permits that are held. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Attempts that wait for a permit. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether the target has all that it can take, or answers nothing: whoever comes now has to wait. */
  get isOverloaded(): boolean {
    return !this.#hasRoom() || this.#pacer.isPacing;
  }

  /** How long starts have been spaced because nothing was answered, in milliseconds; `undefined`: they are not. */
  get pacingForMs(): number | undefined {
    return this.#pacer.pacingForMs;
  }

  /** Whether starts are spaced and none may be made now. */
  get isHoldingBack(): boolean {
    return !this.#pacer.mayStart();
  }

  /** A permit, to hand back to {@link release}, or {@link NO_PERMIT}. */
  tryAcquire(fairnessKey: string | undefined): number {
    if (!this.#isFree()) return NO_PERMIT;
    return this.#take(this.#tenants.of(fairnessKey));
  }

  /** Waits in the queue, once {@link tryAcquire} gave nothing; `undefined` where there is no place in it. */
  enqueue(
    priority: CallPriority,
    fairnessKey: string | undefined,
    caller: Caller = PATIENT,
  ): Waiter | undefined {
    const rank = PRIORITY_RANK[priority];
    const tenant = this.#tenants.of(fairnessKey);
    const now = this.#clock.now();
    if (this.#queue.size === 0) this.#queuedSince = now;
    if (!this.#makeRoom(rank, tenant)) return undefined;
    const { queueTimeoutMs } = this.#settings;
    const waiter = new Waiter(this, rank, tenant, this.#timeouts, now, queueTimeoutMs, caller);
    this.#tenants.joined(tenant);
    this.#queue.add(waiter);
    this.#pacer.somebodyWaits();
    if (this.#lost.lacking(this.#inFlight - this.#streaming, now)) this.#handOut();
    return waiter;
  }

  /** Called by a waiter that goes without a permit. */
  leave(waiter: Waiter, end: "expired" | "cancelled"): void {
    this.#remove(waiter, end);
  }

  /**
   * Takes note that the attempt of a permit was answered and goes on, as a stream does. It keeps its permit, and says
   * now what its end would say of the target: how long it then goes on is the model's affair.
   * @param acquiredAt `Clock.now` when it was taken
   * @param latencyMs from then to the head of the answer
   * @returns the permit, from now on
   */
  answered(permit: number, acquiredAt: number, latencyMs: number): number {
    if (isAnswered(permit)) return permit;
    this.#streaming++;
    this.#heard("answered", permit, acquiredAt, latencyMs, this.#clock.now());
    this.#handOut();
    return answeredPermit(permit);
  }

  /**
   * Hands a permit back, once per permit.
   * @param acquiredAt `Clock.now` when it was taken
   * @param sign what its attempt says about the load of the target; `undefined`: nothing. Where it was
   * {@link answered}, it says so once
   * @param now `Clock.now`, where it has just been read
   */
  release(
    permit: number,
    fairnessKey: string | undefined,
    acquiredAt: number,
    sign: EndSign | undefined,
    latencyMs: number,
    now = this.#clock.now(),
  ): void {
    this.#inFlight--;
    if (isAnswered(permit)) this.#streaming--;
    this.#tenants.returned(this.#tenants.of(fairnessKey));
    this.#hold.held(now - acquiredAt);
    const isSaid = sign === "answered" && isAnswered(permit);
    this.#heard(isSaid ? undefined : sign, permit, acquiredAt, latencyMs, now);
    this.#handOut();
  }

  /** When a newcomer would likely get a permit, in milliseconds from now. */
  retryAfterMs(): number {
    const rounds = (this.#queue.size + 1) / this.#limit.value;
    return Math.max(1, Math.ceil(rounds * this.#hold.ms), Math.ceil(this.#pacer.pauseLeftMs));
  }

  #heard(
    sign: EndSign | undefined,
    permit: number,
    acquiredAt: number,
    latencyMs: number,
    now: number,
  ): void {
    const afterMs = sign === "answered" ? now - acquiredAt : undefined;
    if (!isAnswered(permit)) this.#lost.heard(acquiredAt, afterMs);
    if (afterMs !== undefined) this.#answerTime.answered(afterMs);
    else if (!isAnswered(permit)) this.#answerTime.gaveUp(now - acquiredAt);
    const load = sign === "silent" ? "overloaded" : sign;
    const held = heldWith(permit);
    if (load !== undefined) this.#limit.sample(load, acquiredAt, latencyMs, held, now, this.#inFlight);
    if (sign === "answered") this.#newestAnswered = Math.max(this.#newestAnswered, acquiredAt);
    // A target that answers who came later is not silent: this one was lost.
    const heard = sign === "silent" && acquiredAt < this.#newestAnswered ? undefined : sign;
    this.#pacer.ended(heard, spellOf(permit), held, this.#limit.value, this.#queue.size > 0);
  }

  /** Those that are taken for lost leave room for others, as streams do that have begun. */
  #hasRoom(): boolean {
    return this.#limit.hasRoom(this.#inFlight, this.#streaming + this.#lost.count);
  }

  #isFree(): boolean {
    return this.#hasRoom() && this.#pacer.mayStart();
  }

  #handOut(): void {
    while (this.#queue.size > 0 && this.#isFree()) {
      const share = Math.ceil(this.#limit.value / this.#tenants.active);
      const answerAt = this.#clock.now() + this.#answerTime.ms;
      const waiter = this.#queue.takeNext(share, this.#isUnderPressure(), answerAt)!;
      const permit = this.#take(waiter.tenant);
      this.#tenants.left(waiter.tenant);
      waiter.settle(permit);
    }
    if (this.#queue.size > 0) this.#pacer.somebodyWaits();
    else this.#pacer.nobodyWaits();
  }

  #take(tenant: Tenant): number {
    this.#tenants.took(tenant);
    return permitOf(++this.#inFlight, this.#pacer.started());
  }

  #makeRoom(rank: number, tenant: Tenant): boolean {
    if (this.#queue.size < this.#settings.maxQueue) return true;
    const victim = this.#queue.victimFor(rank, tenant, this.#isUnderPressure());
    if (victim === undefined) return false;
    this.#remove(victim, "shed");
    return true;
  }

  #remove(waiter: Waiter, end: WaitEnd): void {
    this.#queue.remove(waiter);
    this.#tenants.left(waiter.tenant);
    if (this.#queue.size === 0) this.#pacer.nobodyWaits();
    waiter.settle(end);
  }

  #isUnderPressure(): boolean {
    const longMs = this.#settings.queueTimeoutMs * PRESSURE_SHARE;
    if (this.#clock.now() - this.#queuedSince < longMs) return false;
    return this.#pacer.isPacing || this.retryAfterMs() >= longMs;
  }
}
