import { METRICS } from "../catalogue.ts";
import { ATTEMPT_KIND, OUTCOME } from "../closed-label.ts";
import type { MetricsStorage } from "../storage.ts";
import type { Family } from "./family.ts";

export function requests(storage: MetricsStorage): Family {
  return {
    spec: METRICS.requests,
    collect(samples) {
      for (const [endpoint, variant] of storage.variants()) {
        for (const outcome of OUTCOME.values) {
          if (!variant.isRequestSeries(outcome)) continue;
          const labels = { endpoint: endpoint.label, variant: variant.label, outcome };
          samples.push({ labels, value: variant.requests.get(outcome) });
        }
      }
    },
    reset() {
      for (const [, variant] of storage.variants()) variant.requests.clear();
    },
  };
}

export function attempts(storage: MetricsStorage): Family {
  return {
    spec: METRICS.attempts,
    collect(samples) {
      for (const [endpoint, variant] of storage.variants()) {
        for (const kind of ATTEMPT_KIND.values) {
          for (const outcome of OUTCOME.values) {
            if (!variant.isAttemptSeries(kind, outcome)) continue;
            const labels = { endpoint: endpoint.label, variant: variant.label, outcome, kind };
            samples.push({ labels, value: variant.attempts[kind].get(outcome) });
          }
        }
      }
    },
    reset() {
      for (const [, variant] of storage.variants()) variant.clearAttempts();
    },
  };
}

export function requestsInFlight(storage: MetricsStorage): Family {
  return {
    spec: METRICS.requestsInFlight,
    collect(samples) {
      for (const endpoint of storage.endpoints()) {
        samples.push({ labels: { endpoint: endpoint.label }, value: endpoint.requestsInFlight });
      }
    },
    reset() {},
  };
}

export function attemptsInFlight(storage: MetricsStorage): Family {
  return {
    spec: METRICS.attemptsInFlight,
    collect(samples) {
      for (const endpoint of storage.endpoints()) {
        samples.push({ labels: { endpoint: endpoint.label }, value: endpoint.attemptsInFlight });
      }
    },
    reset() {},
  };
}
