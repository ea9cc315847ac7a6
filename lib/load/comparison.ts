import { isSupported, QUANTILES, quantileName } from "./evidence.ts";
import type { ArmResult } from "./load-test.ts";
import type { Measurement } from "./measurement.ts";

/** One figure of two configurations. */
export interface ComparedFigure {
  readonly name: string;
  readonly base: number;
  readonly other: number;
  /** `other` over `base`, of the whole run; `undefined` where `base` is 0. */
  readonly ratio: number | undefined;
  /** Smallest and largest ratio of one round; `undefined` where a round has too few calls to say. */
  readonly ratioRange: readonly [min: number, max: number] | undefined;
}

/** Reads a figure; `undefined` where there are too few calls for it. */
type Figure = (measurement: Measurement) => number | undefined;

/** Compares two configurations that ran in alternation, in the whole and round by round. */
export function compareArms(base: ArmResult, other: ArmResult): ComparedFigure[] {
  const figures: [string, Figure][] = [
    ["succeeded (% of due)", succeededPercent],
    ["attempts per call", ({ attempts, sent }) => (sent === 0 ? undefined : attempts.count / sent)],
  ];
  for (const quantile of QUANTILES) {
    const latency: Figure = ({ latency }) =>
      isSupported(quantile, latency.count) ? latency.quantileMs(quantile) : undefined;
    figures.push([`latency ${quantileName(quantile)} (ms)`, latency]);
  }
  return figures.flatMap(([name, figure]) => compareFigure(name, figure, base, other));
}

/** Not a rate: what one leaves in flight ends in the time of the other. */
function succeededPercent({ ok, due }: Measurement): number | undefined {
  return due === 0 ? undefined : (ok / due) * 100;
}

/** Nothing for a figure that the whole run has too few calls for. */
function compareFigure(name: string, figure: Figure, base: ArmResult, other: ArmResult): ComparedFigure[] {
  const [ours, theirs] = [figure(base.total), figure(other.total)];
  if (ours === undefined || theirs === undefined) return [];
  const ratios = base.slices.map((slice, round) => ratioOf(figure(slice), figure(other.slices[round]!)));
  const known = ratios.filter((ratio) => ratio !== undefined);
  return [
    {
      name,
      base: ours,
      other: theirs,
      ratio: ratioOf(ours, theirs),
      ratioRange: known.length < ratios.length ? undefined : [Math.min(...known), Math.max(...known)],
    },
  ];
}

function ratioOf(base: number | undefined, other: number | undefined): number | undefined {
  return base === undefined || other === undefined || base === 0 ? undefined : other / base;
}
