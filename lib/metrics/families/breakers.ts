import { METRICS } from "../catalogue.ts";
import { BREAKER_STATE, BREAKER_STATE_LABEL } from "../closed-label.ts";
import type { MetricsStorage } from "../storage.ts";
import type { Family } from "./family.ts";

/** One series per state, so that a sum over instances says how many breakers are open. */
export function breakerState(storage: MetricsStorage): Family {
  return {
    spec: METRICS.breakerState,
    collect(samples) {
      for (const [endpoint, breakers] of storage.breakers()) {
        for (const state of BREAKER_STATE.values) {
          const labels = {
            endpoint: endpoint.label,
            variant: breakers.label,
            state: BREAKER_STATE_LABEL[state],
          };
          samples.push({ labels, value: breakers.breakersIn(state) });
        }
      }
    },
    reset() {},
  };
}

export function breakerTransitions(storage: MetricsStorage): Family {
  return {
    spec: METRICS.breakerTransitions,
    collect(samples) {
      for (const [endpoint, breakers] of storage.breakers()) {
        for (const state of BREAKER_STATE.values) {
          const labels = {
            endpoint: endpoint.label,
            variant: breakers.label,
            to: BREAKER_STATE_LABEL[state],
          };
          samples.push({ labels, value: breakers.transitionsTo(state) });
        }
      }
    },
    reset() {
      for (const [, breakers] of storage.breakers()) breakers.clearTransitions();
    },
  };
}
