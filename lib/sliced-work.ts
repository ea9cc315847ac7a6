// Not the global one, which fake timers in the tests of a user hold up.
import { setImmediate } from "node:timers";

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

/**
 * Other work that took longer than this in one turn, in milliseconds, gets no slice on top. Measured with 64 payloads of
 * 5 MB in flight, most turns over a millisecond were a small collection of 0.5 to 0.9 ms and a slice of 0.3.
 */
const LONG_MS = 0.4;

/**
 * What slices may add to such a turn where all of them are long, as a share of it: by one slice a turn, 5 MB would take
 * 20 turns of a process that is busy, however long those are.
 */
const LONG_SHARE = 0.2;

/**
 * Slices are done in one turn until they have taken so long together, in milliseconds. A turn costs 0.03 ms of its own once
 * a slice has emptied the processor's caches: measured with payloads of 5 MB, one at a time, 20 turns were a tenth of all.
 */
const SLICES_MS = 0.3;

let isTurning = false;
/** When the slice before was over, or the first was asked for. */
let lastLookAt = 0;
let wasLong = false;

/**
 * Does the work, a slice or a few short ones per turn of the event loop: of all that is going on in this process, so that
 * no turn is longer for many large payloads than for one. A turn that is long already has none, unless the one before was
 * too: in a process where all of them are long, the work goes on in each, by more than a slice where they are much longer
 * than that. Within a rank, the first is finished first.
 */
export function inSlices(rank: typeof SENDING | typeof HASHING, work: SlicedWork): void {
  QUEUES[rank]!.push(work);
  if (isTurning) return;
  isTurning = true;
  lastLookAt = performance.now();
  setImmediate(doNextSlices);
}

function doNextSlices(): void {
  const now = performance.now();
  const otherMs = now - lastLookAt;
  const isLong = otherMs > LONG_MS;
  if (!isLong) doSlices(now + SLICES_MS);
  else if (wasLong) doSlices(now + otherMs * LONG_SHARE);
  wasLong = isLong;
  isTurning = QUEUES.some(hasWork);
  lastLookAt = performance.now();
  if (isTurning) setImmediate(doNextSlices);
}

/**
 * One at least, and all of one rank: short ones that are sent are not followed by a long one that is hashed.
 * @param until {@link performance.now} from which none is begun
 */
function doSlices(until: number): void {
  const queue = QUEUES.find(hasWork);
  if (queue === undefined) return;
  do queue[0]!.step();
  while (performance.now() < until && hasWork(queue));
}

/** Whether something is left to do; what is over goes. */
function hasWork(queue: SlicedWork[]): boolean {
  while (queue[0]?.isOver === true) queue.shift();
  return queue.length > 0;
}
