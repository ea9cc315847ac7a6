import type { Clock } from "../../../lib/clock.ts";
import type { EndSign } from "../../../lib/resilience/limiter/limit.ts";
import type { Held } from "./driven-limiter.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;
/** Timeouts in a row at which starts are spaced. */
const SILENCE = 2;

/** What a limiter should know of a target that answers nothing, by what its attempts were told. */
export class PacerRecord {
  readonly #clock: Clock;
  /** Timeouts since the last answer. */
  #run = 0;
  #since: number | undefined;
  #allowed = 1;
  #pauseMs = 0;
  #pausedUntil = 0;
  #paced = new Set<Held>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isPacing(): boolean {
    return this.#since !== undefined;
  }

  readonly kindOf = (one: Held): "paced" | "free" => (this.#paced.has(one) ? "paced" : "free");

  mayStart(): boolean {
    return !this.isPacing || (this.#paced.size < this.#allowed && this.#clock.now() >= this.#pausedUntil);
  }

  started(one: Held): void {
    if (this.isPacing) this.#paced.add(one);
  }

  ended(sign: EndSign | undefined, one: Held, limit: number, isWanted: boolean): void {
    const isPaced = this.#paced.delete(one);
    if (sign === "answered") this.#answered(isPaced, limit, isWanted);
    else if (isPaced && sign !== undefined) this.#pause(Math.min(LONGEST_PAUSE_MS, 2 * this.#pauseMs));
    else if (sign === "silent" && ++this.#run === SILENCE) this.#begin();
  }

  key(): unknown {
    if (!this.isPacing) return Math.min(this.#run, SILENCE);
    return [this.#allowed, this.#pauseMs, Math.max(0, this.#pausedUntil - this.#clock.now())];
  }

  #answered(isPaced: boolean, limit: number, isWanted: boolean): void {
    this.#run = 0;
    if (!isPaced) return;
    this.#allowed++;
    this.#pauseMs = 0;
    this.#pausedUntil = 0;
    if (isWanted && this.#allowed <= limit) return;
    this.#since = undefined;
    this.#paced.clear();
  }

  #begin(): void {
    if (this.isPacing) return;
    this.#since = this.#clock.now();
    this.#pause(FIRST_PAUSE_MS);
  }

  #pause(ms: number): void {
    this.#allowed = 1;
    this.#pauseMs = Math.max(FIRST_PAUSE_MS, ms);
    this.#pausedUntil = this.#clock.now() + this.#pauseMs;
  }
}
