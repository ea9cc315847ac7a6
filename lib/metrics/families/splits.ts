import type { EndpointSplit } from "../../resilience/split/endpoint-split.ts";
import { METRICS } from "../catalogue.ts";
import type { EndpointCells } from "../endpoint-cells.ts";
import type { MetricsStorage } from "../storage.ts";
import type { VariantCells } from "../variant-cells.ts";
import type { Family } from "./family.ts";

/** What clients that split one endpoint between them send to a variant: the mean of what each of them does. */
export function splitShare(storage: MetricsStorage): Family {
  return {
    spec: METRICS.splitShare,
    collect(samples) {
      for (const [endpoint, variant, names] of splitVariants(storage)) {
        const labels = { endpoint: endpoint.label, variant: variant.label };
        samples.push({ labels, value: meanShare(endpoint.splits, names) });
      }
    },
    reset() {},
  };
}

export function ejections(storage: MetricsStorage): Family {
  return {
    spec: METRICS.ejections,
    collect(samples) {
      for (const [endpoint, variant] of splitVariants(storage)) {
        samples.push({
          labels: { endpoint: endpoint.label, variant: variant.label },
          value: variant.ejections,
        });
      }
    },
    reset() {
      for (const [, variant] of storage.variants()) variant.ejections = 0;
    },
  };
}

export function ejectionsSuppressed(storage: MetricsStorage): Family {
  return {
    spec: METRICS.ejectionsSuppressed,
    collect(samples) {
      for (const [endpoint, variant] of splitVariants(storage)) {
        samples.push({
          labels: { endpoint: endpoint.label, variant: variant.label },
          value: variant.ejectionsSuppressed,
        });
      }
    },
    reset() {
      for (const [, variant] of storage.variants()) variant.ejectionsSuppressed = 0;
    },
  };
}

function* splitVariants(
  storage: MetricsStorage,
): Generator<[EndpointCells, VariantCells, ReadonlySet<string>]> {
  for (const endpoint of storage.endpoints()) {
    for (const [variant, names] of endpoint.splitVariants()) yield [endpoint, variant, names];
  }
}

/** What all these variants get together. */
function meanShare(splits: ReadonlySet<EndpointSplit>, names: ReadonlySet<string>): number {
  let sum = 0;
  for (const split of splits) for (const name of names) sum += split.shareOf(name);
  return sum / splits.size;
}
