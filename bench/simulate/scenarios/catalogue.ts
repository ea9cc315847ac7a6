import { capacityCut } from "./capacity-cut.ts";
import type { Scenario } from "./scenario.ts";

/** Everything that is simulated, in the order of the report. */
export function scenarioCatalogue(isQuick: boolean): Scenario[] {
  return [
    capacityCut(20, 0.7, !isQuick),
    capacityCut(20, 0.85, !isQuick),
    capacityCut(100, 0.7, !isQuick),
    capacityCut(100, 0.85, true),
  ];
}
