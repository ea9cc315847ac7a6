import { METRICS } from "../catalogue.ts";
import { CALL_PRIORITY, QUEUE_REJECTION } from "../closed-label.ts";
import type { MetricsStorage } from "../storage.ts";
import type { Family } from "./family.ts";

export function concurrencyLimit(storage: MetricsStorage): Family {
  return {
    spec: METRICS.concurrencyLimit,
    collect(samples) {
      for (const { label, queue } of storage.endpoints()) {
        if (queue.isLimited) samples.push({ labels: { endpoint: label }, value: queue.limit() });
      }
    },
    reset() {},
  };
}

export function pacing(storage: MetricsStorage): Family {
  return {
    spec: METRICS.pacing,
    collect(samples) {
      for (const { label, queue } of storage.endpoints()) {
        if (queue.isLimited) samples.push({ labels: { endpoint: label }, value: queue.pacing() });
      }
    },
    reset() {},
  };
}

export function queueDepth(storage: MetricsStorage): Family {
  return {
    spec: METRICS.queueDepth,
    collect(samples) {
      for (const { label, queue } of storage.endpoints()) {
        if (queue.isLimited) samples.push({ labels: { endpoint: label }, value: queue.depth() });
      }
    },
    reset() {},
  };
}

export function queueWait(storage: MetricsStorage): Family {
  const spec = METRICS.queueWait;
  return {
    spec,
    collect(samples) {
      for (const { queue } of storage.endpoints()) queue.wait.addSamples(spec.name, samples);
    },
    reset() {
      for (const { queue } of storage.endpoints()) queue.wait.clear();
    },
  };
}

/** A series for each reason and class as soon as there is a limit: a counter that begins at 1 shows no increase. */
export function queueRejections(storage: MetricsStorage): Family {
  return {
    spec: METRICS.queueRejections,
    collect(samples) {
      for (const { label, queue } of storage.endpoints()) {
        if (!queue.isLimited) continue;
        for (const priority of CALL_PRIORITY.values) {
          for (const reason of QUEUE_REJECTION.values) {
            const labels = { endpoint: label, reason, priority };
            samples.push({ labels, value: queue.rejections[priority].get(reason) });
          }
        }
      }
    },
    reset() {
      for (const { queue } of storage.endpoints()) queue.clearRejections();
    },
  };
}
