import { linesOverTime } from "../../report/plots/lines.ts";
import type { Plot } from "../../report/plots/svg.ts";
import type { ScenarioResult } from "../result.ts";

/** Seconds that a point of a curve is the mean of: single seconds are too few requests to tell. */
const SMOOTHED_OVER_S = 3;

/** Goodput and load over time, the policies overlaid. */
export function scenarioPlots({ name, group, rows, phases }: ScenarioResult): Plot[] {
  const subtitle = phases.map((phase) => `${phase.name} ${phase.fromS} - ${phase.toS} s`).join(", ");
  const common = { part: "simulation", work: name, subtitle: `${group}: ${subtitle}` };
  return [
    linesOverTime({
      ...common,
      name: "goodput",
      title: `Answered share of the requests of each second, ${name}, %`,
      lines: rows.map(({ policy, curves }) => ({
        client: policy,
        points: smoothed(curves.goodput.map((share) => 100 * share)),
      })),
    }),
    linesOverTime({
      ...common,
      name: "sent",
      title: `Attempts per second, ${name}`,
      lines: rows.map(({ policy, curves }) => ({ client: policy, points: smoothed(curves.sent) })),
    }),
  ];
}

function smoothed(values: readonly number[]): [number, number][] {
  return values.map((_, second) => {
    const window = values.slice(Math.max(0, second - SMOOTHED_OVER_S + 1), second + 1);
    const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
    return [second, Math.round(mean * 100) / 100];
  });
}
