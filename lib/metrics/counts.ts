import type { ClosedLabel } from "./closed-label.ts";

/**
 * One counter for each value of a closed label. Adding to one is an array access: it hashes nothing and
 * allocates nothing, however large the numbers grow.
 */
export class Counts<T extends string> {
  readonly #label: ClosedLabel<T>;
  readonly #counts: Float64Array;

  constructor(label: ClosedLabel<T>) {
    this.#label = label;
    this.#counts = new Float64Array(label.values.length);
  }

  add(value: T, amount = 1): void {
    this.#counts[this.#label.indexOf[value]]! += amount;
  }

  get(value: T): number {
    return this.#counts[this.#label.indexOf[value]]!;
  }

  clear(): void {
    this.#counts.fill(0);
  }
}
