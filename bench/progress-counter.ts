import type { PartRun } from "./part.ts";

/** Counts the processes of a part for its progress bar. */
export function countProcesses(run: Pick<PartRun, "onProgress">, total: number): (name: string) => void {
  let done = 0;
  return (name) => run.onProgress(done++, total, name);
}
