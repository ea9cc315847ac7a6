import type { Recorder } from "../recorder.ts";
import { Keyed, type KeyedUnit } from "./keyed.ts";

/** How the units of a layer come into the metrics of a client, and go. */
export interface Exhibition<Unit> {
  show(recorder: Recorder, unit: Unit): void;
  hide(recorder: Recorder, unit: Unit): void;
}

/**
 * What a layer keeps for each target that is called, such as its breaker. Metrics show them while the layer is on, and
 * not those that made room for others.
 */
export class PerTarget<Unit extends KeyedUnit> implements Iterable<Unit> {
  readonly #exhibition: Exhibition<Unit>;
  readonly #units: Keyed<Unit>;
  #recorder: Recorder | undefined;
  #isShown = true;

  /** @param onEvict called with each unit that is forgotten, before metrics lose it */
  constructor(maxTargets: number, exhibition: Exhibition<Unit>, onEvict?: (unit: Unit) => void) {
    this.#exhibition = exhibition;
    this.#units = new Keyed(maxTargets, (unit) => {
      onEvict?.(unit);
      if (this.#recorder !== undefined) exhibition.hide(this.#recorder, unit);
    });
  }

  /** Of the client whose calls made the units; `undefined` before the first, and without metrics. */
  get recorder(): Recorder | undefined {
    return this.#recorder;
  }

  get(key: string): Unit | undefined {
    return this.#units.get(key);
  }

  /** The unit of a key that is looked at and not used. */
  peek(key: string): Unit | undefined {
    return this.#units.peek(key);
  }

  add(key: string, unit: Unit, recorder: Recorder | undefined): Unit {
    this.#recorder = recorder;
    if (this.#isShown && recorder !== undefined) this.#exhibition.show(recorder, unit);
    return this.#units.add(key, unit);
  }

  resize(maxTargets: number): void {
    this.#units.resize(maxTargets);
  }

  /** Whether metrics show the units: nothing is done by those of a layer that is off. */
  show(shouldShow: boolean): void {
    if (shouldShow === this.#isShown) return;
    this.#isShown = shouldShow;
    if (this.#recorder === undefined) return;
    for (const unit of this.#units) this.#exhibition[shouldShow ? "show" : "hide"](this.#recorder, unit);
  }

  /** For good, so that no registry goes on showing those of a client that was closed. */
  forgetAll(): void {
    this.#units.clear();
    // Nor what is made yet, by a call that a layer outside has held up.
    this.#isShown = false;
  }

  [Symbol.iterator](): Iterator<Unit> {
    return this.#units[Symbol.iterator]();
  }
}
