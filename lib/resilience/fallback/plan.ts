import type { Call } from "../../call.ts";
import type { KeyedUnit } from "../keyed.ts";
import { type Alternative, isOpenTo } from "./alternative.ts";
import type { FallbackKind } from "./metadata.ts";

/** The alternatives of one endpoint. */
export class FallbackPlan implements KeyedUnit {
  lastUsed = 0;
  readonly alternatives: readonly Alternative[];
  readonly #waitForModelMs: number | undefined;

  constructor(alternatives: readonly Alternative[], waitForModelMs: number | undefined) {
    this.alternatives = alternatives;
    this.#waitForModelMs = waitForModelMs;
  }

  get kinds(): FallbackKind[] {
    return this.alternatives.map(({ kind }) => kind);
  }

  /**
   * How long a call waits for a loading model before its alternatives, in milliseconds; `undefined` where none would
   * be asked for that.
   */
  waitBeforeFirstMs(call: Call, input: object): number | undefined {
    for (const alternative of this.alternatives) {
      const waitMs = this.#waitBeforeMs(alternative);
      if (waitMs !== undefined && isOpenTo(alternative, call, input)) return waitMs;
    }
    return undefined;
  }

  /** The same for an alternative that has others behind it: they are asked whatever it fails with. */
  waitBeforeNextMs(hasNext: boolean): number | undefined {
    return hasNext ? (this.#waitForModelMs ?? 0) : undefined;
  }

  /** What a function takes for a reason is not known beforehand. */
  #waitBeforeMs({ on }: Alternative): number | undefined {
    if (typeof on === "function") return this.#waitForModelMs;
    return on.includes("notReady") ? (this.#waitForModelMs ?? 0) : undefined;
  }
}
