import { METRICS } from "../catalogue.ts";
import { HEDGE_RESULT, HEDGE_SUPPRESSION } from "../closed-label.ts";
import type { EndpointCells } from "../endpoint-cells.ts";
import type { MetricsStorage } from "../storage.ts";
import type { Family } from "./family.ts";

export function hedges(storage: MetricsStorage): Family {
  return {
    spec: METRICS.hedges,
    collect(samples) {
      for (const endpoint of hedgedEndpoints(storage)) {
        for (const result of HEDGE_RESULT.values) {
          samples.push({ labels: { endpoint: endpoint.label, result }, value: endpoint.hedges.get(result) });
        }
      }
    },
    reset() {
      for (const endpoint of hedgedEndpoints(storage)) endpoint.hedges.clear();
    },
  };
}

export function hedgesSuppressed(storage: MetricsStorage): Family {
  return {
    spec: METRICS.hedgesSuppressed,
    collect(samples) {
      for (const endpoint of hedgedEndpoints(storage)) {
        for (const reason of HEDGE_SUPPRESSION.values) {
          samples.push({
            labels: { endpoint: endpoint.label, reason },
            value: endpoint.hedgesSuppressed.get(reason),
          });
        }
      }
    },
    reset() {
      for (const endpoint of hedgedEndpoints(storage)) endpoint.hedgesSuppressed.clear();
    },
  };
}

function hedgedEndpoints(storage: MetricsStorage): EndpointCells[] {
  return storage.endpoints().filter(({ isHedged }) => isHedged);
}
