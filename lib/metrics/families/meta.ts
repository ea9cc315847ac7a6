import { VERSION } from "../../version.ts";
import { METRICS } from "../catalogue.ts";
import { GUARDED_LABEL } from "../closed-label.ts";
import type { MetricsStorage } from "../storage.ts";
import type { Family } from "./family.ts";

export function buildInfo(): Family {
  return {
    spec: METRICS.buildInfo,
    collect(samples) {
      samples.push({ labels: { version: VERSION, node: process.versions.node }, value: 1 });
    },
    reset() {},
  };
}

export function labelOverflow(storage: MetricsStorage): Family {
  return {
    spec: METRICS.labelOverflow,
    collect(samples) {
      for (const label of GUARDED_LABEL.values) {
        samples.push({ labels: { label }, value: storage.overflows.get(label) });
      }
    },
    reset() {
      storage.overflows.clear();
    },
  };
}
