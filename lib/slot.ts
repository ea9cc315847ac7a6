import type { MiddlewareStack } from "@smithy/types";
import { addTo, type StepPlacement } from "./layer.ts";
import type { CallMiddleware, Layer, TunableLayer } from "./types.ts";

/** A layer for a {@link Slot}; one without `prepare` has no options to change. */
export type SlotLayer<Options> = Layer & Partial<TunableLayer<Options>>;

/**
 * The place of one layer in a client's stack, whether the layer is on or off. Handlers are resolved without a layer
 * that is off, so it costs nothing; a user's own layer that stands next to it keeps its place.
 */
export class Slot<Options, Made extends SlotLayer<Options> = SlotLayer<Options>> {
  readonly name: string;
  readonly #place: StepPlacement;
  readonly #make: (options: Options) => Made;
  #layer: Made | undefined;
  #isOn = false;
  #isGivenUp = false;

  constructor(place: StepPlacement, make: (options: Options) => Made) {
    this.name = place.name;
    this.#place = place;
    this.#make = make;
  }

  /** The layer, where it is on. */
  get layer(): Made | undefined {
    return this.#isOn ? this.#layer : undefined;
  }

  /** Whether its place is kept for nobody. */
  get isOff(): boolean {
    return !this.#isOn && !this.#isGivenUp;
  }

  /** The layer, where it ever was on. */
  get lastLayer(): Made | undefined {
    return this.#layer;
  }

  addTo(stack: MiddlewareStack<object, object>): void {
    addTo(stack, this.#place, (next, context) => {
      return this.#layer === undefined || !this.#isOn ? next : middlewareOf(this.#layer)(next, context);
    });
  }

  /** Leaves the name to another layer, where this one is off: it stays off then. Whether it did. */
  giveUp(): boolean {
    if (this.#isOn || this.#isGivenUp) return false;
    this.#isGivenUp = true;
    return true;
  }

  /**
   * Checks `options`, and changes nothing yet. A layer that is switched off keeps what it knows.
   *
   * @param options `false`: off
   * @returns goes over to them, for handlers that are resolved afterwards
   */
  prepare(options: Options | false): () => void {
    if (options === false) {
      return () => {
        this.layer?.switchOff?.();
        this.#isOn = false;
      };
    }
    if (this.#isGivenUp) {
      throw new TypeError(`${this.name} cannot be switched on: a layer of that name was added to the stack`);
    }
    const layer = this.#layer ?? this.#make(options);
    const tune = layer === this.#layer ? layer.prepare?.(options) : undefined;
    return () => {
      tune?.();
      this.#layer = layer;
      this.#isOn = true;
    };
  }
}

/** The one middleware that a layer adds, wherever it would place it itself. */
export function middlewareOf(layer: Layer): CallMiddleware {
  let found: CallMiddleware | undefined;
  // A cast: of a stack, a layer needs no more than the way in.
  layer.applyToStack({
    add(middleware: CallMiddleware) {
      found = middleware;
    },
  } as unknown as MiddlewareStack<object, object>);
  if (found === undefined) throw new TypeError(`the layer ${layer.name} adds no middleware of its own step`);
  return found;
}
