import type { OperationName } from "../types.ts";
import type { FaultMatch } from "./script.ts";

/** What a rule looks at. */
export interface FaultTarget {
  readonly endpointName: string;
  readonly variantName: string;
  readonly operation: OperationName;
  readonly targetModel: string | undefined;
}

/** Decides for one rule which requests it hits. It counts, so each request is asked about once. */
export class FaultMatcher {
  #match: FaultMatch;
  #random: () => number;
  #candidates = 0;
  #hits = 0;

  constructor(match: FaultMatch, random: () => number) {
    this.#match = match;
    this.#random = random;
  }

  /** How many requests were hit so far. */
  get hits(): number {
    return this.#hits;
  }

  /** Whether this request is hit, `elapsedMs` after the script took effect. */
  hit(target: FaultTarget, elapsedMs: number): boolean {
    const { every = 1, rate = 1, times = Number.POSITIVE_INFINITY } = this.#match;
    if (this.#hits >= times || !this.#applies(target, elapsedMs)) return false;
    this.#candidates++;
    if (this.#candidates % every !== 0 || this.#random() >= rate) return false;
    this.#hits++;
    return true;
  }

  #applies(target: FaultTarget, elapsedMs: number): boolean {
    const { endpoint, variant, operation, targetModel, afterMs = 0, forMs } = this.#match;
    if (endpoint !== undefined && endpoint !== target.endpointName) return false;
    if (variant !== undefined && variant !== target.variantName) return false;
    if (operation !== undefined && operation !== target.operation) return false;
    if (targetModel !== undefined && targetModel !== target.targetModel) return false;
    return elapsedMs >= afterMs && (forMs === undefined || elapsedMs < afterMs + forMs);
  }
}
