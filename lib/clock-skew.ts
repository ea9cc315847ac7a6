import { parseHttpDate } from "./http-date.ts";
import { invalidOption } from "./validate.ts";

/**
 * How far off a signature's date may be before it can have been refused for that, in milliseconds. The
 * service's own limit is 5 minutes; `Date` counts whole seconds and was made a moment before it is read.
 */
const PROOF_MS = 240_000;

/**
 * The difference between the service's clock and this host's. Signatures are dated with
 * `epochNow + offsetMs`.
 *
 * Only a refused signature can prove a difference, so that the dates of a host with a good clock never move
 * by what a response happened to take. All times are epoch milliseconds.
 */
export class ClockSkew {
  readonly #isEnabled: boolean;
  #offsetMs: number;

  /** @param initialOffsetMs used from the start, and kept where corrections are not enabled */
  constructor(isEnabled: boolean, initialOffsetMs = 0) {
    this.#isEnabled = isEnabled;
    this.#offsetMs = initialOffsetMs;
  }

  /** By how much the service is ahead of this host. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Whether the date in a refused signature explains the refusal, so that signing once more is worth it.
   * It looks at that one signature and not at the offset: of calls in flight together, the first to be
   * refused corrects the offset, and the others were dated before that.
   *
   * @param dateHeader the `Date` of the answer
   * @param signedAt the date in the signature: `epochNow + offsetMs` of then
   */
  isProven(dateHeader: string | undefined, signedAt: number): boolean {
    if (!this.#isEnabled) return false;
    return Math.abs(parseDate(dateHeader) - signedAt) >= PROOF_MS;
  }

  /**
   * Corrects the offset by the answer to a refused signature. Only an answer dated outside the exchange, by
   * this host's corrected clock, says that the clock is wrong: a process that was frozen in between finds an
   * old answer, and its clock is right.
   *
   * @param roundTripStart this host's clock, uncorrected, when the request was signed
   * @param now this host's clock, uncorrected, when the answer was read
   */
  observe(dateHeader: string | undefined, roundTripStart: number, now: number): void {
    if (!this.#isEnabled) return;
    const serverNow = parseDate(dateHeader);
    const earliest = Math.min(roundTripStart, now) + this.#offsetMs;
    const latest = Math.max(roundTripStart, now) + this.#offsetMs;
    if (serverNow <= earliest - PROOF_MS || serverNow >= latest + PROOF_MS) this.#offsetMs = serverNow - now;
  }
}

/** Checks a number of milliseconds that is known of the service's clock: it may be behind this host's. */
export function checkClockOffset(option: string, offsetMs: number): number {
  if (Number.isFinite(offsetMs)) return offsetMs;
  throw invalidOption(option, "a number of milliseconds", offsetMs);
}

/** `NaN` where there is no date: every comparison with it is false. */
function parseDate(header: string | undefined): number {
  return header === undefined ? Number.NaN : parseHttpDate(header);
}
