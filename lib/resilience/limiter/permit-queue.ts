import { PRIORITIES } from "./priority.ts";
import type { Tenant } from "./tenants.ts";
import type { Waiter } from "./waiter.ts";

/** Tenants that are looked at to find the one with the longest line: a flood of keys must not cost more. */
const LOOKED_AT = 64;

/**
 * Who waits for a permit, and who is next: a higher class before a lower one; within a class, tenants take
 * turns, and those that hold less than their share go first; within a tenant, the oldest or, under pressure,
 * the newest.
 */
export class PermitQueue {
  size = 0;
  /** For each class, the tenants that wait in it, whose turn is soonest first. */
  readonly #turns: readonly Set<Tenant>[] = PRIORITIES.map(() => new Set<Tenant>());

  add(waiter: Waiter): void {
    const { tenant, rank } = waiter;
    tenant.lines[rank]!.add(waiter);
    this.#turns[rank]!.add(tenant);
    this.size++;
  }

  remove(waiter: Waiter): void {
    const { tenant, rank } = waiter;
    const line = tenant.lines[rank]!;
    line.remove(waiter);
    if (line.length === 0) this.#turns[rank]!.delete(tenant);
    this.size--;
  }

  /**
   * Takes out who is next; `undefined` where nobody waits.
   *
   * @param share permits that each tenant could hold if all held the same
   */
  takeNext(share: number, isNewestFirst: boolean): Waiter | undefined {
    for (const [rank, turns] of this.#turns.entries()) {
      const tenant = nextTenant(turns, share);
      if (tenant === undefined) continue;
      const line = tenant.lines[rank]!;
      const waiter = (isNewestFirst ? line.newest : line.oldest)!;
      // Back in line behind the others; it leaves if it has nothing more to ask for.
      turns.delete(tenant);
      turns.add(tenant);
      this.remove(waiter);
      return waiter;
    }
    return undefined;
  }

  /**
   * Whom to send away so that a newcomer may wait: somebody of a lower class; else somebody of a tenant that
   * takes more of its class than the newcomer's; else, under pressure, the oldest of its own line, which has
   * the least time left. `undefined`: the newcomer itself.
   */
  victimFor(rank: number, tenant: Tenant, isNewestFirst: boolean): Waiter | undefined {
    for (let lower = PRIORITIES.length - 1; lower > rank; lower--) {
      const longest = longestLine(this.#turns[lower]!, lower);
      if (longest !== undefined) return lastServed(longest, lower, isNewestFirst);
    }
    const longest = longestLine(this.#turns[rank]!, rank);
    const own = tenant.lines[rank]!;
    const fairLength = isNewestFirst ? own.length : own.length + 1;
    if (longest !== undefined && longest.lines[rank]!.length > fairLength)
      return lastServed(longest, rank, isNewestFirst);
    return isNewestFirst ? own.oldest : undefined;
  }
}

function nextTenant(turns: ReadonlySet<Tenant>, share: number): Tenant | undefined {
  let first: Tenant | undefined;
  for (const tenant of turns) {
    if (tenant.inFlight < share) return tenant;
    first ??= tenant;
  }
  return first;
}

function longestLine(turns: ReadonlySet<Tenant>, rank: number): Tenant | undefined {
  let longest: Tenant | undefined;
  let lookedAt = 0;
  for (const tenant of turns) {
    if (longest === undefined || tenant.lines[rank]!.length > longest.lines[rank]!.length) longest = tenant;
    if (++lookedAt === LOOKED_AT) break;
  }
  return longest;
}

function lastServed(tenant: Tenant, rank: number, isNewestFirst: boolean): Waiter | undefined {
  const line = tenant.lines[rank]!;
  return isNewestFirst ? line.oldest : line.newest;
}
