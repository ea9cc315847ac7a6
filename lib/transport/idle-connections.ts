import type { Clock, Timer } from "../clock.ts";
import type { Connection } from "./connection.ts";

/** Idle sockets are closed before the service does it at 60 s: a request on a closed one is lost. */
const KEEP_ALIVE_MS = 50_000;

/** How much earlier than the server announces to close it: a request takes a while to get there. */
const MARGIN_MS = 2_000;

const ANNOUNCED = /(?:^|[\s,;])timeout=(\d{1,9})(?:$|[\s,;])/i;

interface Idle {
  readonly connection: Connection;
  readonly until: number;
}

/** The connections that carry nothing, each for as long as its server is likely to keep it. */
export class IdleConnections {
  readonly #clock: Clock;
  /** The one that worked last is at the end and works first: it is the least likely to have been closed. */
  #idle: Idle[] = [];
  /** One for all of them, which does not hold the process. */
  #timer: Timer;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(connection: Connection): void {
    const now = this.#clock.now();
    const until = now + keepAliveMsOf(connection.keepAlive);
    this.#idle.push({ connection, until });
    if (until < this.#timerAt) this.#wakeAt(until, now);
  }

  /** One that may carry a request; `undefined` where there is none. */
  take(): Connection | undefined {
    const now = this.#clock.now();
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (now < last.until) return last.connection;
      // The timer is late, as it is after the process was suspended.
      last.connection.destroy();
    }
    return undefined;
  }

  /** Takes note that a connection is gone. */
  remove(connection: Connection): void {
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index !== -1) this.#idle.splice(index, 1);
  }

  /** Gives up its timer. */
  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #wakeAt(at: number, now: number): void {
    this.stop();
    this.#timerAt = at;
    // A timer may fire a fraction early, and must then not fire again in the same tick.
    this.#timer = this.#clock.setTimeout(sweep, Math.max(1, Math.ceil(at - now)), this);
    this.#clock.holdProcess(this.#timer, false);
  }

  /** Closes what has been idle for too long, and waits for the next. */
  sweep(): void {
    const now = this.#clock.now();
    this.#timerAt = Number.POSITIVE_INFINITY;
    const expired = this.#idle.filter(({ until }) => until <= now);
    this.#idle = this.#idle.filter(({ until }) => until > now);
    const next = this.#idle.reduce(
      (earliest, { until }) => Math.min(earliest, until),
      Number.POSITIVE_INFINITY,
    );
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next, now);
    for (const { connection } of expired) connection.destroy();
  }
}

function sweep(idle: IdleConnections): void {
  idle.sweep();
}

/** Less what a server announces by `keep-alive: timeout=5`, counted from its answer. That may be over by now. */
function keepAliveMsOf(announced: string | undefined): number {
  const seconds = announced === undefined ? undefined : ANNOUNCED.exec(announced)?.[1];
  if (seconds === undefined) return KEEP_ALIVE_MS;
  return Math.min(KEEP_ALIVE_MS, Number(seconds) * 1_000 - MARGIN_MS);
}
