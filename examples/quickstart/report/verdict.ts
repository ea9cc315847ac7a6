import type { VariantScore } from "./tally.ts";

/** What a variant must exceed on the held-out rows. Guessing is right once in three. */
export const MIN_ACCURACY = 0.9;

export interface Verdict {
  readonly passed: boolean;
  /** What is wrong, if anything; then, last, calls and losses. */
  readonly lines: readonly string[];
}

/**
 * A run passes when no call was lost and no variant is wrong too often. A variant is judged when every
 * held-out row has reached it: a share of a few rows says nothing.
 *
 * @param heldOutRows how many rows are held out
 */
export function judge(
  calls: number,
  lost: number,
  scores: readonly VariantScore[],
  heldOutRows: number,
): Verdict {
  const tooOftenWrong = scores.filter(
    ({ heldOutRows: { right, asked } }) => asked === heldOutRows && right / asked <= MIN_ACCURACY,
  );
  const lines = tooOftenWrong.map(
    ({ variant, heldOutRows: { right, asked } }) =>
      `${variant} knew ${right} of ${asked} held-out rows, which is not above ${MIN_ACCURACY * 100} %`,
  );
  return {
    passed: lost === 0 && tooOftenWrong.length === 0,
    lines: [...lines, `${calls} calls, ${lost} lost`],
  };
}
