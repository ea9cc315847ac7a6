/**
 * What an attempt says about the load of its target, by its end or by the head of a stream. `answered`: it took the
 * work, and the latency says how easily; `overloaded`: it said, or showed by its silence, that it has too much to do.
 */
export type LoadSign = "answered" | "overloaded";

/** As {@link LoadSign}; `silent` is an overload that was not said: the attempt timed out. */
export type EndSign = LoadSign | "silent";

/** Decides how many attempts may be in flight. It knows neither who waits nor what is being sent. */
export interface Limit {
  /** A whole number of at least 1. */
  readonly value: number;
  /**
   * Whether one more attempt may be in flight.
   *
   * @param held permits that are held
   * @param streaming those of them whose stream has begun: no cut makes them fewer
   */
  hasRoom(held: number, streaming: number): boolean;
  /**
   * Takes note of an attempt that ended, or whose stream began.
   *
   * @param startedAt `Clock.now` when it got its permit
   * @param latencyMs from then to the head of its answer
   * @param inFlight permits held when it got its own, that one included. As of then: by the time an attempt
   * ends others may have left, and a limit that looked at the rest would take a full target for an idle one
   * @param now `Clock.now`
   * @param left attempts in flight now, of which nothing is known yet. Refusals are often faster than answers: with
   * more in flight than before, they are not the share that they seem
   */
  sample(
    sign: LoadSign,
    startedAt: number,
    latencyMs: number,
    inFlight: number,
    now: number,
    left?: number,
  ): void;
}
