import type { Limit } from "./limit.ts";

/** A limit that stays as it was given, whatever happens. */
export class FixedLimit implements Limit {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  hasRoom(held: number): boolean {
    return held < this.value;
  }

  sample(): void {}
}
