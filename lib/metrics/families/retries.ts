import { METRICS } from "../catalogue.ts";
import { OUTCOME, SUPPRESSION_REASON } from "../closed-label.ts";
import type { MetricsStorage } from "../storage.ts";
import type { Family } from "./family.ts";

export function retries(storage: MetricsStorage): Family {
  return {
    spec: METRICS.retries,
    collect(samples) {
      for (const [endpoint, variant] of storage.variants()) {
        for (const reason of OUTCOME.values) {
          const value = variant.retries.get(reason);
          if (value === 0) continue;
          samples.push({ labels: { endpoint: endpoint.label, variant: variant.label, reason }, value });
        }
      }
    },
    reset() {
      for (const [, variant] of storage.variants()) variant.retries.clear();
    },
  };
}

export function retriesSuppressed(storage: MetricsStorage): Family {
  return {
    spec: METRICS.retriesSuppressed,
    collect(samples) {
      for (const endpoint of storage.endpoints()) {
        for (const reason of SUPPRESSION_REASON.values) {
          samples.push({
            labels: { endpoint: endpoint.label, reason },
            value: endpoint.suppressed.get(reason),
          });
        }
      }
    },
    reset() {
      for (const endpoint of storage.endpoints()) endpoint.suppressed.clear();
    },
  };
}

export function retryBackoff(storage: MetricsStorage): Family {
  return {
    spec: METRICS.retryBackoff,
    collect(samples) {
      for (const endpoint of storage.endpoints()) {
        samples.push({ labels: { endpoint: endpoint.label }, value: endpoint.backoffSeconds });
      }
    },
    reset() {
      for (const endpoint of storage.endpoints()) endpoint.backoffSeconds = 0;
    },
  };
}
