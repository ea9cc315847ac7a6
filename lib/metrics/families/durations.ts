import { METRICS } from "../catalogue.ts";
import type { MetricsStorage } from "../storage.ts";
import type { Family } from "./family.ts";

export function requestDuration(storage: MetricsStorage): Family {
  const spec = METRICS.requestDuration;
  return {
    spec,
    collect(samples) {
      for (const { requests } of storage.durations()) requests.addSamples(spec.name, samples);
    },
    reset() {
      for (const { requests } of storage.durations()) requests.clear();
    },
  };
}

export function attemptDuration(storage: MetricsStorage): Family {
  const spec = METRICS.attemptDuration;
  return {
    spec,
    collect(samples) {
      for (const { attempts } of storage.durations()) attempts.addSamples(spec.name, samples);
    },
    reset() {
      for (const { attempts } of storage.durations()) attempts.clear();
    },
  };
}

export function deadlineUsed(storage: MetricsStorage): Family {
  const spec = METRICS.deadlineUsed;
  return {
    spec,
    collect(samples) {
      for (const endpoint of storage.endpoints()) endpoint.deadlineUsed.addSamples(spec.name, samples);
    },
    reset() {
      for (const endpoint of storage.endpoints()) endpoint.deadlineUsed.clear();
    },
  };
}
