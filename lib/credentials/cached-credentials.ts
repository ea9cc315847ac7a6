import type { AwsCredentialIdentity } from "@smithy/types";
import type { CancelScope } from "../cancellation.ts";
import type { Clock } from "../clock.ts";
import type { Seams } from "../seams.ts";
import type { CredentialSource } from "./credential-source.ts";
import { checkIdentity } from "./identity.ts";
import { RefreshWaiter } from "./refresh-waiter.ts";

/** Asks a provider. `forceRefresh`: past the caches of its own that it may have. */
export type LoadCredentials = (forceRefresh: boolean) => Promise<AwsCredentialIdentity>;

/**
 * Refreshing begins this long before the expiry, in milliseconds: somewhere between the two, so that the
 * processes of a fleet that started together do not ask together.
 */
const EARLIEST_REFRESH_MS = 300_000;
const LATEST_REFRESH_MS = 240_000;
/** Time between two requests to the provider as long as something is at hand, in milliseconds. */
const REFRESH_PAUSE_MS = 10_000;
/** A provider that has not answered by then is asked again, in milliseconds. Its answer still counts. */
const UNANSWERED_MS = 60_000;

interface Held {
  readonly identity: AwsCredentialIdentity;
  /** Epoch times in milliseconds; `Infinity` for credentials that do not expire. */
  readonly expiresAt: number;
  refreshAt: number;
  /** The service refused it as expired: not to be used again. */
  isRefused: boolean;
}

interface Refresh {
  /** 1 for the first. */
  readonly number: number;
  readonly startedAt: number;
  readonly isForced: boolean;
}

/**
 * Credentials of a provider, asked once for all calls that wait. Ones that expire are refreshed early, in the
 * background of the calls that use them; until they really expire, a provider that fails or hangs harms
 * nobody. A failure is not remembered: the next call that finds no credentials asks again.
 */
export class CachedCredentials implements CredentialSource {
  readonly #load: LoadCredentials;
  readonly #clock: Clock;
  readonly #leadMs: number;
  readonly #waiters = new Set<RefreshWaiter>();
  #held: Held | undefined;
  #refresh: Refresh | undefined;
  #refreshCount = 0;
  /** The refresh that brought what is held. */
  #heldNumber = 0;
  #lastForcedAt = Number.NEGATIVE_INFINITY;

  constructor(load: LoadCredentials, { clock, random }: Seams) {
    this.#load = load;
    this.#clock = clock;
    this.#leadMs = LATEST_REFRESH_MS + random() * (EARLIEST_REFRESH_MS - LATEST_REFRESH_MS);
  }

  resolve(scope: CancelScope): AwsCredentialIdentity | Promise<AwsCredentialIdentity | undefined> {
    const held = this.#held;
    if (held === undefined || held.isRefused) return this.#wait(scope, held !== undefined);
    const now = this.#clock.epochNow();
    if (now >= held.expiresAt) return this.#wait(scope, false);
    if (now >= held.refreshAt) this.#startRefresh(false);
    return held.identity;
  }

  async refresh(): Promise<AwsCredentialIdentity> {
    const waiter = this.#join(true);
    await waiter.settled;
    return waiter.take();
  }

  invalidate(refused: AwsCredentialIdentity): boolean {
    const held = this.#held;
    if (held === undefined || held.identity !== refused) return true;
    // Refused although they are fresh: there are no better ones, and asking for them at each call helps nobody.
    if (this.#clock.now() - this.#lastForcedAt < REFRESH_PAUSE_MS) return false;
    held.isRefused = true;
    return true;
  }

  async #wait(scope: CancelScope, isForced: boolean): Promise<AwsCredentialIdentity | undefined> {
    if (scope.cancelled !== undefined) return undefined;
    const waiter = this.#join(isForced);
    scope.running = waiter;
    await waiter.settled;
    scope.running = undefined;
    return scope.cancelled === undefined ? waiter.take() : undefined;
  }

  #join(isForced: boolean): RefreshWaiter {
    // Before the provider is asked: one that throws at once settles the waiters at once.
    const waiter = new RefreshWaiter(this.#waiters);
    this.#startRefresh(isForced);
    return waiter;
  }

  #startRefresh(isForced: boolean): void {
    const running = this.#refresh;
    const now = this.#clock.now();
    if (running !== undefined && now - running.startedAt < UNANSWERED_MS && (running.isForced || !isForced))
      return;
    this.#refresh = { number: ++this.#refreshCount, startedAt: now, isForced };
    void this.#run(this.#refresh);
  }

  async #run(refresh: Refresh): Promise<void> {
    try {
      this.#succeeded(
        refresh,
        checkIdentity("The provider's credentials", await this.#load(refresh.isForced)),
      );
    } catch (error) {
      this.#failed(refresh, error);
    }
  }

  #succeeded(refresh: Refresh, identity: AwsCredentialIdentity): void {
    if (this.#refresh === refresh) this.#refresh = undefined;
    // Asked for before the service refused what is held: it may be the same again, and who waits needs another.
    if (this.#held?.isRefused === true && !refresh.isForced) {
      if (this.#waiters.size > 0) this.#startRefresh(true);
      return;
    }
    // What was asked for later is here: this may be what it replaced.
    if (refresh.number < this.#heldNumber) return;
    this.#heldNumber = refresh.number;
    if (refresh.isForced) this.#lastForcedAt = this.#clock.now();
    this.#held = this.#hold(identity);
    for (const waiter of this.#waiters) waiter.succeed(identity);
  }

  #failed(refresh: Refresh, error: unknown): void {
    if (this.#refresh !== refresh) return;
    this.#refresh = undefined;
    const held = this.#held;
    if (held !== undefined)
      held.refreshAt = Math.max(held.refreshAt, this.#clock.epochNow() + REFRESH_PAUSE_MS);
    for (const waiter of this.#waiters) waiter.fail(error);
  }

  #hold(identity: AwsCredentialIdentity): Held {
    const expiration = identity.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
    const now = this.#clock.epochNow();
    // Short-lived ones are kept for half of their time at least.
    const leadMs = Math.min(this.#leadMs, (expiration - now) / 2);
    // New ones that look expired are used all the same: it may be this host's clock, and the service decides.
    const soonest = now + REFRESH_PAUSE_MS;
    return {
      identity,
      expiresAt: Math.max(expiration, soonest),
      refreshAt: Math.max(expiration - leadMs, soonest),
      isRefused: false,
    };
  }
}
