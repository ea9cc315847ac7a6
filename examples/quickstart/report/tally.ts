import { createHistogram } from "node:perf_hooks";
import type { CallAnswered, CallResult } from "../traffic/call-result.ts";

/** How many of the flowers that a variant was asked about it knew. */
export interface Score {
  readonly right: number;
  readonly asked: number;
}

export interface VariantScore {
  readonly variant: string;
  readonly answers: number;
  /** Over every row, those of the training included. */
  readonly allRows: Score;
  /** Over the rows that the model was not trained on. */
  readonly heldOutRows: Score;
}

/** In milliseconds. */
export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

const MICROSECONDS_PER_MS = 1_000;

/** Counts what the caller saw. Memory does not grow with the number of calls. */
export class Tally {
  answers = 0;
  readonly lostByError = new Map<string, number>();
  /** Calls by the number of attempts that they took. */
  readonly callsByAttempts = new Map<number, number>();
  /** For each variant, its answers and, for each row, whether all answers about it were right. */
  readonly #variants = new Map<string, { answers: number; rightByRow: Map<number, boolean> }>();
  readonly #heldOutRows: ReadonlySet<number>;
  readonly #latencyUs = createHistogram();

  /**
   * @param variants those that the report must name, also when they answer nothing
   * @param heldOutRows numbers of the rows that no model was trained on
   */
  constructor(variants: readonly string[], heldOutRows: ReadonlySet<number>) {
    for (const variant of variants) this.#variants.set(variant, { answers: 0, rightByRow: new Map() });
    this.#heldOutRows = heldOutRows;
  }

  add(result: CallResult): void {
    increment(this.callsByAttempts, result.attempts);
    this.#latencyUs.record(Math.max(1, Math.round(result.latencyMs * MICROSECONDS_PER_MS)));
    if (result.kind === "lost") increment(this.lostByError, result.errorName);
    else this.#addAnswer(result);
  }

  get lost(): number {
    let lost = 0;
    for (const count of this.lostByError.values()) lost += count;
    return lost;
  }

  get calls(): number {
    return this.answers + this.lost;
  }

  latency(): LatencySummary {
    const ms = (percentile: number) => this.#latencyUs.percentile(percentile) / MICROSECONDS_PER_MS;
    return { p50: ms(50), p95: ms(95), p99: ms(99), max: ms(100) };
  }

  scores(): VariantScore[] {
    return [...this.#variants].map(([variant, { answers, rightByRow }]) => {
      const rows = [...rightByRow];
      return {
        variant,
        answers,
        allRows: score(rows),
        heldOutRows: score(rows.filter(([row]) => this.#heldOutRows.has(row))),
      };
    });
  }

  #addAnswer({ variant, flower, species }: CallAnswered): void {
    this.answers++;
    let entry = this.#variants.get(variant);
    if (entry === undefined) {
      entry = { answers: 0, rightByRow: new Map() };
      this.#variants.set(variant, entry);
    }
    entry.answers++;
    const rightSoFar = entry.rightByRow.get(flower.row) ?? true;
    entry.rightByRow.set(flower.row, rightSoFar && species === flower.species);
  }
}

function score(rows: readonly (readonly [row: number, right: boolean])[]): Score {
  return { right: rows.filter(([, right]) => right).length, asked: rows.length };
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
