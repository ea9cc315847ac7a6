import { GCProfiler, getHeapStatistics } from "node:v8";

/**
 * Runs `work` and returns how many bytes it allocated on the JavaScript heap.
 *
 * The heap only grows between two collections, so the allocation is the sum of the growth up to the first
 * collection, between each and the next, and after the last. `v8.GCProfiler` reports the heap's size at both
 * ends of every collection. That works on the heap as users run it; a young generation grown until nothing is
 * collected would count the same, but then CPU time has to be measured in other processes, because collecting
 * would have become cheaper for those that allocate much. What lies outside the heap, such as the memory of an
 * ArrayBuffer, does not count.
 *
 * It does not collect first: a full collection while nothing is in flight throws away the hidden classes of all
 * that lives for one call, and with them what was compiled for these. Under traffic there is always one alive.
 */
export async function measureAllocation(work: () => Promise<unknown>): Promise<number> {
  const profiler = new GCProfiler();
  profiler.start();
  let size = getHeapStatistics().used_heap_size;
  await work();
  const endSize = getHeapStatistics().used_heap_size;
  const { statistics } = profiler.stop();
  let allocated = 0;
  for (const { beforeGC, afterGC } of statistics) {
    allocated += beforeGC.heapStatistics.usedHeapSize - size;
    size = afterGC.heapStatistics.usedHeapSize;
  }
  return allocated + endSize - size;
}
