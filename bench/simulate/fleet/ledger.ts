/** What became of every request, and what was sent when. Times are virtual, in milliseconds. */
export class Ledger {
  readonly #arrivedAt: number[] = [];
  readonly #endedAt: number[] = [];
  readonly #isGood: boolean[] = [];
  readonly #attempts: number[] = [];
  readonly #sentAt: number[] = [];
  #open = 0;

  arrived(request: number, at: number): void {
    this.#arrivedAt[request] = at;
    this.#isGood[request] = false;
    this.#attempts[request] = 0;
    this.#open++;
  }

  sent(request: number, at: number): void {
    this.#attempts[request]! += 1;
    this.#sentAt.push(at);
  }

  ended(request: number, at: number, isGood: boolean): void {
    this.#endedAt[request] = at;
    this.#isGood[request] = isGood;
    this.#open--;
  }

  /** Requests that have neither been answered nor lost. */
  get open(): number {
    return this.#open;
  }

  /** Counts by the second in which a request arrived: all of them, those answered, and the attempts for them. */
  bySecond(seconds: number): { requests: number[]; good: number[]; attempts: number[] } {
    const requests = zeros(seconds);
    const good = zeros(seconds);
    const attempts = zeros(seconds);
    for (const [request, at] of this.#arrivedAt.entries()) {
      const second = Math.floor(at / 1_000);
      if (second >= seconds) continue;
      requests[second]! += 1;
      attempts[second]! += this.#attempts[request]!;
      if (this.#isGood[request]) good[second]! += 1;
    }
    return { requests, good, attempts };
  }

  /** Attempts by the second in which they were sent. */
  sentBySecond(seconds: number): number[] {
    const sent = zeros(seconds);
    for (const at of this.#sentAt) {
      const second = Math.floor(at / 1_000);
      if (second < seconds) sent[second]! += 1;
    }
    return sent;
  }

  /** Attempts in each of `count` slices from `fromMs` on. */
  sentInSlices(fromMs: number, sliceMs: number, count: number): number[] {
    const sent = zeros(count);
    for (const at of this.#sentAt) {
      const slice = Math.floor((at - fromMs) / sliceMs);
      if (slice >= 0 && slice < count) sent[slice]! += 1;
    }
    return sent;
  }

  /** Of the answered requests that arrived in `[fromMs, toMs)`: how long each took, ascending, in milliseconds. */
  latencies(fromMs: number, toMs: number): number[] {
    const latencies: number[] = [];
    for (const [request, at] of this.#arrivedAt.entries()) {
      if (at >= fromMs && at < toMs && this.#isGood[request]) latencies.push(this.#endedAt[request]! - at);
    }
    return latencies.sort((one, other) => one - other);
  }

  /** When the last of all answers came. */
  lastAnswerAt(): number {
    return this.#endedAt.reduce(
      (last, at, request) => (this.#isGood[request] ? Math.max(last, at) : last),
      0,
    );
  }
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
