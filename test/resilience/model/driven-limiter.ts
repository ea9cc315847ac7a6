import { ConcurrencyLimiter } from "../../../lib/resilience/limiter/concurrency-limiter.ts";
import type { EndSign, Limit, LoadSign } from "../../../lib/resilience/limiter/limit.ts";
import { resolveLimiter } from "../../../lib/resilience/limiter/limiter-settings.ts";
import { NO_PERMIT } from "../../../lib/resilience/limiter/permit.ts";
import { type CallPriority, PRIORITY_RANK } from "../../../lib/resilience/limiter/priority.ts";
import type { WaitEnd, Waiter } from "../../../lib/resilience/limiter/waiter.ts";
import { targetOf } from "../../../lib/target.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { PacerRecord } from "./pacer-record.ts";

export const MAX_QUEUE = 2;
const HIGH = 2;
const LOW = 1;

/** Two permits until an overload, one until the next answer: a cut leaves more held than there may be. */
class OneOrTwo implements Limit {
  value = HIGH;

  hasRoom(held: number): boolean {
    return held < this.value;
  }

  sample(sign: LoadSign): void {
    this.value = sign === "overloaded" ? LOW : HIGH;
  }
}

export interface Held {
  permit: number;
  readonly at: number;
  /** Its stream has begun. */
  isAnswered: boolean;
}

export interface Waiting {
  readonly waiter: Waiter;
  readonly rank: number;
  readonly since: number;
  /** Everything that it was told, which must be one thing in the end. */
  readonly ends: WaitEnd[];
}

/** What became of a call that asked for a permit, in the tick in which it asked. */
export type Asked = "permit" | "waits" | "refused";

export interface Lifetime {
  /** How long who waits does so, in milliseconds. */
  readonly queueTimeoutMs: number;
  /** Whether starts are spaced where nothing is answered. */
  readonly isPaced: boolean;
}

/**
 * A real limiter, and beside it who holds and who waits, worked out from what it said to them and nothing else. With
 * as much of the past as the future depends on.
 */
export class DrivenLimiter {
  readonly clock = new FakeClock();
  readonly limiter: ConcurrencyLimiter;
  readonly pacer: PacerRecord | undefined;
  held: Held[] = [];
  waiting: Waiting[] = [];
  accepted = 0;
  /** Those whose wait has ended. */
  readonly ended: Waiting[] = [];
  lastAsked: Asked = "refused";
  #queuedSince = 0;
  #newestAnswered = Number.NEGATIVE_INFINITY;

  constructor({ queueTimeoutMs, isPaced }: Lifetime) {
    const settings = resolveLimiter({ maxQueue: MAX_QUEUE, queueTimeoutMs }, this.clock);
    const createLimit = () => new OneOrTwo();
    this.limiter = new ConcurrencyLimiter(targetOf({ EndpointName: "churn" }), {
      ...settings,
      createLimit,
      isAdaptive: isPaced,
    });
    this.pacer = isPaced ? new PacerRecord(this.clock) : undefined;
  }

  async ask(priority: CallPriority): Promise<void> {
    const permit = this.limiter.tryAcquire(undefined);
    if (permit === NO_PERMIT) this.#enqueue(priority);
    else this.#take(permit);
    this.lastAsked = permit === NO_PERMIT ? this.lastAsked : "permit";
    await this.#told();
  }

  async release(one: Held, sign: EndSign | undefined): Promise<void> {
    this.releaseNow(one, sign);
    await this.#told();
  }

  /** The head of a stream comes: twice, as a call and the layers inside of it may say so. */
  async answer(one: Held): Promise<void> {
    for (let times = 0; times < 2; times++) one.permit = this.limiter.answered(one.permit, one.at, 1);
    one.isAnswered = true;
    this.#record("answered", one);
    await this.#told();
  }

  /** A waiter gives up: twice, as its caller and its deadline may. */
  async giveUp({ waiter }: Waiting): Promise<void> {
    waiter.cancel();
    waiter.cancel();
    await this.#told();
  }

  /** A permit is on its way to whom gives up in the same tick. */
  async releaseAndGiveUp(one: Held, { waiter }: Waiting): Promise<void> {
    this.releaseNow(one, "answered");
    waiter.cancel();
    await this.#told();
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await this.#told();
  }

  /** Everything that its future depends on. */
  key(): string {
    const now = this.clock.now();
    const { limit } = this.limiter;
    if (this.pacer !== undefined) {
      const { kindOf } = this.pacer;
      const held = this.held.map((one) => [
        one.isAnswered ? "answered" : kindOf(one),
        this.#isOvertaken(one),
      ]);
      return JSON.stringify([limit, held, this.waiting.map(({ rank }) => rank), this.pacer.key()]);
    }
    const waiting = this.waiting.map(({ rank, since }) => [rank, now - since]);
    const isQueueOld = this.waiting.length > 0 && now > this.#queuedSince;
    return JSON.stringify([limit, this.held.map(({ isAnswered }) => isAnswered), waiting, isQueueOld]);
  }

  releaseNow(one: Held, sign: EndSign | undefined): void {
    this.held.splice(this.held.indexOf(one), 1);
    this.limiter.release(one.permit, undefined, one.at, sign, 1);
    const isSaid = sign === "answered" && one.isAnswered;
    this.#record(isSaid ? undefined : sign, one);
  }

  #record(sign: EndSign | undefined, one: Held): void {
    if (sign === "answered") this.#newestAnswered = Math.max(this.#newestAnswered, one.at);
    const heard = sign === "silent" && this.#isOvertaken(one) ? undefined : sign;
    this.pacer?.ended(heard, one, this.limiter.limit, this.waiting.length > 0);
  }

  /** Whether one that started later was answered before. */
  #isOvertaken(one: Held): boolean {
    return one.at < this.#newestAnswered;
  }

  #enqueue(priority: CallPriority): void {
    if (this.waiting.length === 0) this.#queuedSince = this.clock.now();
    const waiter = this.limiter.enqueue(priority, undefined);
    this.lastAsked = waiter === undefined ? "refused" : "waits";
    if (waiter === undefined) return;
    this.accepted++;
    const waiting: Waiting = { waiter, rank: PRIORITY_RANK[priority], since: this.clock.now(), ends: [] };
    this.waiting.push(waiting);
    void waiter.end.then((end) => waiting.ends.push(end));
  }

  #take(permit: number): void {
    const one = { permit, at: this.clock.now(), isAnswered: false };
    this.held.push(one);
    this.pacer?.started(one);
  }

  /** Lets those whose wait is over know, and moves them on. */
  async #told(): Promise<void> {
    await Promise.resolve();
    await Promise.resolve();
    for (const one of this.waiting.filter(({ ends }) => ends.length > 0)) {
      this.waiting.splice(this.waiting.indexOf(one), 1);
      this.ended.push(one);
      const [end] = one.ends;
      if (typeof end === "number") this.#take(end);
    }
  }
}
