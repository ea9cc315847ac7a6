import type { Flower } from "../flowers/iris.ts";
import { shuffled } from "../flowers/random.ts";

/** One question that will be sent. */
export interface PlannedCall {
  readonly flower: Flower;
  /** The variant that the call names; `undefined`: the endpoint chooses by weight. */
  readonly targetVariant: string | undefined;
}

/** One call in so many names the variant under test, as a canary check does. */
export const CANARY_EVERY = 8;

/**
 * Calls over all flowers in random order, every flower as often as every other. The calls that name
 * `canaryVariant` go through the flowers on their own, so that the canary is asked about each of them too.
 */
export function* planCalls(
  flowers: readonly Flower[],
  calls: number,
  canaryVariant: string,
  random: () => number,
): Generator<PlannedCall, void> {
  const canary = dealForever(flowers, random);
  const rest = dealForever(flowers, random);
  for (let call = 1; call <= calls; call++) {
    const isCanary = call % CANARY_EVERY === 0;
    yield {
      flower: (isCanary ? canary : rest).next().value,
      targetVariant: isCanary ? canaryVariant : undefined,
    };
  }
}

/** All flowers, shuffled; then all of them again, shuffled anew; and so on. */
function* dealForever(flowers: readonly Flower[], random: () => number): Generator<Flower, never> {
  for (;;) yield* shuffled(flowers, random);
}
