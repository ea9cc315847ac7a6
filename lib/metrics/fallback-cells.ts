import type { FallbackResult } from "../recorder.ts";
import type { FallbackCause, FallbackKind } from "../resilience/fallback/metadata.ts";
import { FALLBACK_CAUSE } from "./closed-label.ts";
import { Counts } from "./counts.ts";

type ByResult = Readonly<Record<FallbackResult, Counts<FallbackCause>>>;

/** Alternatives that were asked for calls to one endpoint, by their kind: only of those that it may have. */
export class FallbackCells implements Iterable<readonly [FallbackKind, ByResult]> {
  readonly #kinds = new Map<FallbackKind, ByResult>();

  of(kind: FallbackKind): ByResult {
    let counts = this.#kinds.get(kind);
    if (counts === undefined) {
      counts = { ok: new Counts(FALLBACK_CAUSE), error: new Counts(FALLBACK_CAUSE) };
      this.#kinds.set(kind, counts);
    }
    return counts;
  }

  [Symbol.iterator](): Iterator<readonly [FallbackKind, ByResult]> {
    return this.#kinds.entries();
  }

  clear(): void {
    for (const { ok, error } of this.#kinds.values()) {
      ok.clear();
      error.clear();
    }
  }
}
