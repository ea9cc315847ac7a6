import type { MetricsStorage } from "../storage.ts";
import { breakerState, breakerStoreErrors, breakerStoreUp, breakerTransitions } from "./breakers.ts";
import { attempts, attemptsInFlight, requests, requestsInFlight } from "./calls.ts";
import { attemptDuration, deadlineUsed, requestDuration } from "./durations.ts";
import { fallbacks } from "./fallbacks.ts";
import type { Family } from "./family.ts";
import { hedges, hedgesSuppressed } from "./hedges.ts";
import { buildInfo, labelOverflow } from "./meta.ts";
import { concurrencyLimit, pacing, queueDepth, queueRejections, queueWait } from "./queues.ts";
import { retries, retriesSuppressed, retryBackoff } from "./retries.ts";
import { ejections, ejectionsSuppressed, splitShare } from "./splits.ts";

/** Every metric of the catalogue over one storage, in the order of the catalogue. */
export function familiesOf(storage: MetricsStorage): Family[] {
  return [
    requests(storage),
    requestDuration(storage),
    requestsInFlight(storage),
    attempts(storage),
    attemptDuration(storage),
    attemptsInFlight(storage),
    deadlineUsed(storage),
    retries(storage),
    retriesSuppressed(storage),
    retryBackoff(storage),
    hedges(storage),
    hedgesSuppressed(storage),
    fallbacks(storage),
    splitShare(storage),
    ejections(storage),
    ejectionsSuppressed(storage),
    breakerState(storage),
    breakerTransitions(storage),
    breakerStoreUp(storage),
    breakerStoreErrors(storage),
    concurrencyLimit(storage),
    pacing(storage),
    queueDepth(storage),
    queueWait(storage),
    queueRejections(storage),
    buildInfo(),
    labelOverflow(storage),
  ];
}
