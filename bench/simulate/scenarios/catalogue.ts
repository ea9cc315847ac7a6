import { capacityCut } from "./capacity-cut.ts";
import { coldStart } from "./cold-start.ts";
import {
  autoscaling,
  badVariant,
  crashAndRestart,
  nestedLayers,
  partialLoss,
  randomErrors,
  slowNode,
} from "./faults.ts";
import { hedgingStorm, stragglers } from "./hedging.ts";
import type { Scenario } from "./scenario.ts";

/** Everything that is simulated, in the order of the report. The goals are about those of a quick run. */
export function scenarioCatalogue(isQuick: boolean): Scenario[] {
  const withGoals = [
    capacityCut(20, 0.7, !isQuick),
    capacityCut(20, 0.85, !isQuick),
    capacityCut(100, 0.7, !isQuick),
    capacityCut(100, 0.85, !isQuick),
    stragglers(4),
    stragglers(20),
    hedgingStorm(20),
    coldStart(),
  ];
  if (isQuick) return withGoals;
  return [
    ...withGoals,
    crashAndRestart(),
    slowNode(),
    badVariant(),
    partialLoss(),
    randomErrors(),
    nestedLayers(),
    autoscaling(),
  ];
}
