import { METRICS } from "../catalogue.ts";
import { FALLBACK_CAUSE, FALLBACK_CAUSE_LABEL, FALLBACK_RESULT } from "../closed-label.ts";
import type { MetricsStorage } from "../storage.ts";
import type { Family } from "./family.ts";

/** A series for each cause as soon as there is an alternative: a counter that begins at 1 shows no increase. */
export function fallbacks(storage: MetricsStorage): Family {
  return {
    spec: METRICS.fallbacks,
    collect(samples) {
      for (const endpoint of storage.endpoints()) {
        for (const [alternative, counts] of endpoint.fallbacks) {
          for (const result of FALLBACK_RESULT.values) {
            for (const cause of FALLBACK_CAUSE.values) {
              const reason = FALLBACK_CAUSE_LABEL[cause];
              const labels = { endpoint: endpoint.label, alternative, reason, result };
              samples.push({ labels, value: counts[result].get(cause) });
            }
          }
        }
      }
    },
    reset() {
      for (const { fallbacks: cells } of storage.endpoints()) cells.clear();
    },
  };
}
