import { randomUUID } from "node:crypto";
import { letProcessEnd, type Timer } from "../../clock.ts";
import type { Seams } from "../../seams.ts";
import type { Breaker } from "./breaker.ts";
import type { BreakerSettings } from "./breaker-settings.ts";
import type { BreakerTransition } from "./breaker-state.ts";
import { type BreakerNews, type BreakerStore, isPassable, newsOf } from "./breaker-store.ts";
import { OpenElsewhere } from "./open-elsewhere.ts";

/**
 * Why the store is of no use: it said that it cannot · it did not answer until the next look · what it holds is
 * not what a breaker says.
 */
export type StoreError = "error" | "timeout" | "malformed";

/** News that are taken from one look; whatever is beyond counts as malformed. */
const MOST_NEWS = 10_000;

/** Words that the store has not taken yet; beyond it, further ones are not said. */
const MOST_UNSAID = 100;

/** Looks differ by so much, so that a fleet that started together does not look together. */
const LOOK_JITTER = 0.1;

export interface FleetViewSettings extends Seams {
  readonly store: BreakerStore;
  readonly pollMs: number;
  /** The breaker of a key, where there is one. */
  readonly find: (key: string) => Breaker | undefined;
}

/**
 * What the breakers of one client tell those of other processes, and hear from them, through a store. It looks
 * every `pollMs` and never while a call waits; without the store, breakers are on their own, and that is all.
 *
 * Only openings for failures and slowness are passed on: a loading model is asked by each process on its own
 * schedule, and what is opened by hand is this process's business.
 */
export class FleetView {
  /** How often the store was of no use, by reason. */
  readonly errors: Record<StoreError, number> = { error: 0, timeout: 0, malformed: 0 };
  readonly #settings: FleetViewSettings;
  readonly #source = randomUUID();
  readonly #elsewhere: OpenElsewhere;
  /** Keys whose opening was passed on, and whose closing is to be. */
  readonly #told = new Set<string>();
  #timer: Timer;
  #state: "new" | "looking" | "stopped" = "new";
  #isReading = false;
  #unsaid = 0;
  #isUp = false;

  constructor(settings: FleetViewSettings) {
    this.#settings = settings;
    this.#elsewhere = new OpenElsewhere(settings.clock);
  }

  /** Whether the store answered when it was looked at last. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** A breaker came into being: the first one begins the looking, and one that is open elsewhere probes early. */
  joined(key: string, breaker: Breaker): void {
    if (this.#state === "new") {
      this.#state = "looking";
      this.#look();
    }
    if (this.#elsewhere.isOpen(key)) breaker.probeEarly();
  }

  /** A breaker is no longer: it will not say that it has closed. */
  left(key: string): void {
    this.#told.delete(key);
  }

  /** Settings of breakers that tell the other processes what becomes of them. */
  toldBy(settings: BreakerSettings): BreakerSettings {
    return {
      ...settings,
      onStateChange: (transition) => {
        this.transitioned(settings.key(transition.target), transition);
        settings.onStateChange?.(transition);
      },
    };
  }

  /** A breaker of this client has changed its state. */
  transitioned(key: string, { to, cause }: BreakerTransition): void {
    if (to === "open" && (cause === "failure" || cause === "slow")) {
      this.#told.add(key);
      this.#say({ source: this.#source, key, event: "opened" });
    } else if (to === "isolated") {
      this.#told.delete(key);
    } else if ((to === "closed" || to === "recovering") && this.#told.delete(key)) {
      this.#say({ source: this.#source, key, event: "closed" });
    }
  }

  /** Ends the looking, for good. What the store says afterwards is not heard. */
  stop(): void {
    this.#state = "stopped";
    this.#settings.clock.clearTimeout(this.#timer);
    this.#isUp = false;
  }

  #look(): void {
    const { clock, pollMs, random } = this.#settings;
    const nextMs = pollMs * (1 + LOOK_JITTER * (2 * random() - 1));
    this.#timer = clock.setTimeout((view: FleetView) => view.#look(), nextMs, this);
    letProcessEnd(this.#timer);
    if (this.#isReading) this.#failed("timeout");
    else void this.#read();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      const news = await this.#settings.store.read();
      if (this.#state === "stopped") return;
      this.#isUp = true;
      this.#take(news);
    } catch {
      this.#failed("error");
    } finally {
      this.#isReading = false;
    }
  }

  #take(news: readonly unknown[]): void {
    if (!Array.isArray(news)) this.errors.malformed++;
    else {
      for (const value of news.slice(0, MOST_NEWS)) this.#hear(newsOf(value));
      this.errors.malformed += Math.max(0, news.length - MOST_NEWS);
    }
  }

  #hear(news: BreakerNews | undefined): void {
    if (news === undefined) this.errors.malformed++;
    else if (news.source === this.#source) return;
    else if (news.event === "closed") {
      this.#elsewhere.closed(news.key, news.source);
      this.#settings.find(news.key)?.probeNow();
    } else if (this.#elsewhere.opened(news.key, news.source)) {
      this.#settings.find(news.key)?.probeEarly();
    }
  }

  #say(news: BreakerNews): void {
    if (this.#state === "stopped" || !isPassable(news.key)) return;
    if (this.#unsaid < MOST_UNSAID) void this.#publish(news);
    else this.errors.timeout++;
  }

  async #publish(news: BreakerNews): Promise<void> {
    this.#unsaid++;
    try {
      await this.#settings.store.publish(news);
    } catch {
      this.errors.error++;
    } finally {
      this.#unsaid--;
    }
  }

  #failed(reason: StoreError): void {
    if (this.#state === "stopped") return;
    this.#isUp = false;
    this.errors[reason]++;
  }
}
