import { METRICS, type MetricSpec } from "../catalogue.ts";
import { CALL_PRIORITY, QUEUE_REJECTION } from "../closed-label.ts";
import type { QueueCells } from "../queue-cells.ts";
import type { MetricsStorage } from "../storage.ts";
import type { Family } from "./family.ts";

export function concurrencyLimit(storage: MetricsStorage): Family {
  return gauge(METRICS.concurrencyLimit, storage, (queue) => queue.limit());
}

export function pacing(storage: MetricsStorage): Family {
  return gauge(METRICS.pacing, storage, (queue) => queue.pacing());
}

export function queueDepth(storage: MetricsStorage): Family {
  return gauge(METRICS.queueDepth, storage, (queue) => queue.depth());
}

/** What is true of the limits of each endpoint at the scrape. */
function gauge(spec: MetricSpec, storage: MetricsStorage, read: (queue: QueueCells) => number): Family {
  return {
    spec,
    collect(samples) {
      for (const { label, queue } of storage.endpoints()) {
        if (queue.isLimiting) samples.push({ labels: { endpoint: label }, value: read(queue) });
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
