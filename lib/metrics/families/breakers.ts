import { METRICS } from "../catalogue.ts";
import { BREAKER_STATE, BREAKER_STATE_LABEL, STORE_ERROR } from "../closed-label.ts";
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

/** A store that breakers share, where there is one. */
export function breakerStoreUp({ breakerStores }: MetricsStorage): Family {
  return {
    spec: METRICS.breakerStoreUp,
    collect(samples) {
      if (breakerStores.areShared) samples.push({ labels: {}, value: breakerStores.areUp() ? 1 : 0 });
    },
    reset() {},
  };
}

export function breakerStoreErrors({ breakerStores }: MetricsStorage): Family {
  return {
    spec: METRICS.breakerStoreErrors,
    collect(samples) {
      if (!breakerStores.isUsed) return;
      for (const reason of STORE_ERROR.values) {
        samples.push({ labels: { reason }, value: breakerStores.errors(reason) });
      }
    },
    reset() {
      breakerStores.clearErrors();
    },
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
