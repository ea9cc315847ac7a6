import { Chain } from "./chain.ts";
import { PRIORITIES } from "./priority.ts";
import type { Tenant } from "./tenants.ts";
import type { Waiter } from "./waiter.ts";
import type { WaitingLine } from "./waiting-line.ts";

/** Tenants that are looked at to find the one with the longest line: a flood of keys must not cost more. */
const LOOKED_AT = 64;

/**
 * Who waits for a permit, and who is next: a higher class before a lower one; within a class, tenants take
 * turns, and those that hold less than their share go first; within a tenant, the oldest or, under pressure
 * and where the oldest has no time left for an answer, the newest.
 */
export class PermitQueue {
  size = 0;
  /** For each class, the lines in which somebody waits, whose turn is soonest first. */
  readonly #turns: readonly Chain<WaitingLine>[] = PRIORITIES.map(() => new Chain());

  add(waiter: Waiter): void {
    const { tenant, rank } = waiter;
    const line = tenant.lines[rank]!;
    if (line.length === 0) this.#turns[rank]!.add(line);
    line.add(waiter);
    this.size++;
  }

  remove(waiter: Waiter): void {
    const { tenant, rank } = waiter;
    const line = tenant.lines[rank]!;
    line.remove(waiter);
    if (line.length === 0) this.#turns[rank]!.remove(line);
    this.size--;
  }

  /**
   * Takes out who is next; `undefined` where nobody waits.
   *
   * @param share permits that each tenant could hold if all held the same
   * @param answerAt when it would likely be answered
   */
  takeNext(share: number, isNewestFirst: boolean, answerAt: number): Waiter | undefined {
    for (let rank = 0; rank < PRIORITIES.length; rank++) {
      const turns = this.#turns[rank]!;
      const line = nextLine(turns, share);
      if (line === undefined) continue;
      const oldest = line.oldest!;
      const waiter = isNewestFirst || oldest.caller.deadlineAt < answerAt ? line.newest! : oldest;
      // Behind the others; it leaves if it has nothing more to ask for.
      turns.remove(line);
      turns.add(line);
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
      const longest = longestLine(this.#turns[lower]!);
      if (longest !== undefined) return lastServed(longest, isNewestFirst);
    }
    const longest = longestLine(this.#turns[rank]!);
    const own = tenant.lines[rank]!;
    const fairLength = isNewestFirst ? own.length : own.length + 1;
    if (longest !== undefined && longest.length > fairLength) return lastServed(longest, isNewestFirst);
    return isNewestFirst ? own.oldest : undefined;
  }
}

function nextLine(turns: Chain<WaitingLine>, share: number): WaitingLine | undefined {
  for (let line = turns.first; line !== undefined; line = line.after) {
    if (line.tenant.inFlight < share) return line;
  }
  return turns.first;
}

function longestLine(turns: Chain<WaitingLine>): WaitingLine | undefined {
  let longest = turns.first;
  let lookedAt = 0;
  for (let line = longest; line !== undefined && lookedAt < LOOKED_AT; line = line.after, lookedAt++) {
    if (line.length > longest!.length) longest = line;
  }
  return longest;
}

function lastServed(line: WaitingLine, isNewestFirst: boolean): Waiter | undefined {
  return isNewestFirst ? line.oldest : line.newest;
}
