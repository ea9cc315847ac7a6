/** One kind of work: what every call of it sends and gets. */
export interface Work {
  /** As the titles of the report have it. */
  readonly title: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

const KB = 1_024;

/** A row of features and its scores: the size at which the client's own cost is the cost. */
export const SMALL_WORK: Work = { title: "1 KB", requestBytes: KB, responseBytes: KB };

/** A batch of rows, an embedding. */
export const MEDIUM_WORK: Work = { title: "64 KB", requestBytes: 64 * KB, responseBytes: 64 * KB };

/** An image and its labels: close to the 6 MB that the service took for years, and hash-bound. */
export const LARGE_WORK: Work = { title: "5 MB", requestBytes: 5 * KB * KB, responseBytes: KB };

/** Calls in flight at a time: a loaded backend, and one caller who waits. */
export const CONCURRENCIES = [64, 1] as const;

/** "1 KB, 64 in flight" */
export function closedLoopTitle(work: Pick<Work, "title">, concurrency: number, suffix = ""): string {
  return `${work.title}, ${concurrency} in flight${suffix}`;
}
