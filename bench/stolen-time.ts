import { readFileSync } from "node:fs";

/** What the kernel counts of all cores together: user, nice, system, idle, iowait, irq, softirq, and what a host kept. */
const ALL_CORES = /^cpu +((?:\d+ +){7}\d+)/m;

/**
 * Starts to watch how much of this machine's CPU time its host gives to others. Of the function that it returns each call
 * says the share since the start, from 0 to 1: 0 on a machine that is nobody's guest, `undefined` where the system does
 * not tell. A guest sees no other sign of it: the load average is its own, and a thread that its host has stopped seems to run.
 */
export function watchStolenTime(read: () => string | undefined = readCounters): () => number | undefined {
  const before = ticksIn(read());
  return () => {
    const now = ticksIn(read());
    if (before === undefined || now === undefined) return undefined;
    const elapsed = now.all - before.all;
    return elapsed === 0 ? 0 : (now.stolen - before.stolen) / elapsed;
  };
}

function ticksIn(counters: string | undefined): { all: number; stolen: number } | undefined {
  const ticks = ALL_CORES.exec(counters ?? "")?.[1]
    ?.split(/ +/)
    .map(Number);
  if (ticks === undefined) return undefined;
  return { all: ticks.reduce((sum, count) => sum + count, 0), stolen: ticks.at(-1)! };
}

function readCounters(): string | undefined {
  return process.platform === "linux" ? readFileSync("/proc/stat", "utf8") : undefined;
}
