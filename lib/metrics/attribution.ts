import type { Attempt } from "../attempt.ts";
import type { EndpointCells } from "./endpoint-cells.ts";
import type { VariantCells } from "./variant-cells.ts";

/**
 * The variant that an attempt counts for, from the surest source to the least: what the answer says, what
 * the request asked for, the only variant that there is. Nothing is guessed from weights or from earlier
 * answers, which would spread the failures of one broken variant over the healthy ones.
 *
 * @param attempt `undefined` for a call that made none
 * @param declaredVariant the only variant of the endpoints that this client calls, if its user said so
 */
export function variantOf(
  endpoint: EndpointCells,
  attempt: Attempt | undefined,
  declaredVariant: string | undefined,
): VariantCells {
  if (attempt === undefined) return endpoint.none;
  if (attempt.invokedVariant !== undefined) return endpoint.variant(attempt.invokedVariant);
  if (!attempt.sent) return endpoint.none;
  const named = attempt.target.variant ?? declaredVariant;
  return named === undefined ? endpoint.unknown : endpoint.variant(named);
}
