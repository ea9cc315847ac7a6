import type { Container } from "./containers/container.ts";
import { ACCOUNT_ID, validationError } from "./errors.ts";
import type { VariantSpec } from "./types.ts";

/** A variant as requests are routed to it. */
export interface Variant {
  readonly name: string;
  readonly weight: number;
  readonly container: Container;
}

/** Which variants an endpoint has: the same for every name, or its own for each known name. */
export type EndpointSpecs =
  | { readonly variants: readonly VariantSpec[] }
  | { readonly endpoints: Readonly<Record<string, readonly VariantSpec[]>> };

/** Chooses the variant that serves a request. */
export class VariantTable {
  #byEndpoint = new Map<string, readonly Variant[]>();
  #forAll: readonly Variant[] | undefined;
  #random: () => number;

  constructor(specs: EndpointSpecs, random: () => number, open: (spec: VariantSpec) => Container) {
    const variantOf = (spec: VariantSpec) => ({
      name: spec.name,
      weight: spec.weight,
      container: open(spec),
    });
    this.#random = random;
    if ("variants" in specs) {
      this.#forAll = specs.variants.map(variantOf);
      return;
    }
    for (const [name, variants] of Object.entries(specs.endpoints)) {
      this.#byEndpoint.set(name, variants.map(variantOf));
    }
  }

  /**
   * The variant asked for, or one drawn by weight.
   *
   * @throws {ServiceError} ValidationError for an endpoint or variant that does not exist
   */
  choose(endpointName: string, targetVariant: string | undefined): Variant {
    const variants = this.#forAll ?? this.#byEndpoint.get(endpointName);
    if (variants === undefined) {
      throw validationError(`Endpoint ${endpointName} of account ${ACCOUNT_ID} not found.`);
    }
    if (targetVariant === undefined || targetVariant === "") return drawByWeight(variants, this.#random());
    const target = variants.find(({ name }) => name === targetVariant);
    if (target !== undefined) return target;
    throw validationError(`Variant ${targetVariant} of endpoint ${endpointName} not found.`);
  }

  async close(): Promise<void> {
    const all = [...(this.#forAll ?? []), ...[...this.#byEndpoint.values()].flat()];
    await Promise.all(all.map(({ container }) => container.close()));
  }
}

/** `draw` is from 0 up to 1; a variant of weight 0 is never drawn. */
function drawByWeight(variants: readonly Variant[], draw: number): Variant {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  let left = draw * total;
  for (const variant of variants) {
    left -= variant.weight;
    if (left < 0) return variant;
  }
  // Rounding may leave a remainder at the very end of the scale.
  return variants.findLast(({ weight }) => weight > 0)!;
}
