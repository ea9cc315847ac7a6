/** Work that would stop the event loop for too long in one piece. */
export interface SlicedWork {
  /** Whether nothing of it is left to do: done, or given up. */
  readonly isOver: boolean;
  /** Does the next slice. */
  step(): void;
}

/**
 * What waits for a turn, most urgent first. Bytes that are about to be sent go ahead of those that are to be hashed: what
 * was begun first ends first.
 */
const QUEUES: readonly SlicedWork[][] = [[], []];

/** The rank of work in {@link inSlices}. */
export const SENDING = 0;
export const HASHING = 1;

let isTurning = false;

/**
 * Does the work, one slice per turn of the event loop: of all that is going on in this process, so that no turn is longer
 * for many large payloads than for one. Within a rank, the first is finished first.
 */
export function inSlices(rank: typeof SENDING | typeof HASHING, work: SlicedWork): void {
  QUEUES[rank]!.push(work);
  if (isTurning) return;
  isTurning = true;
  setImmediate(doNextSlice);
}

function doNextSlice(): void {
  nextWork()?.step();
  isTurning = nextWork() !== undefined;
  if (isTurning) setImmediate(doNextSlice);
}

function nextWork(): SlicedWork | undefined {
  for (const queue of QUEUES) {
    while (queue[0]?.isOver === true) queue.shift();
    if (queue[0] !== undefined) return queue[0];
  }
  return undefined;
}
