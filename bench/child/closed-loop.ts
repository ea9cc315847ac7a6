import { measureAllocation } from "./allocation.ts";
import { answerTask } from "./answer-task.ts";
import type { Load } from "./load.ts";
import { type ClientInput, openLoad } from "./opened.ts";
import { StallProbe } from "./stall-probe.ts";

/** How long one process measures. */
export interface ClosedLoopPlan {
  /** Warm-up before the first window: at least this many calls and this long, but no longer than `warmUpMaxMs`. */
  readonly warmUpCalls: number;
  readonly warmUpMs: number;
  readonly warmUpMaxMs: number;
  /**
   * How long each window's own calls run ahead of it, in milliseconds: sockets are opened, and code that was compiled for
   * many calls at once is compiled anew for one at a time. Memory is collected among them.
   */
  readonly settleMs: number;
  /** Length of each window in which CPU time and latency are measured, in milliseconds. */
  readonly windowMs: number;
  /** Length of each window in which the event loop is watched, in milliseconds; 0: it is not. */
  readonly stallMs: number;
  /** Calls over which allocation is counted, after the windows; 0: it is not. */
  readonly allocationCalls: number;
}

export interface ClosedLoopInput extends ClientInput {
  /** Calls in flight at a time, a window each. The first is the one to warm up with. */
  readonly concurrencies: readonly number[];
  readonly plan: ClosedLoopPlan;
}

/** One window of load. */
export interface WindowSample {
  readonly concurrency: number;
  readonly calls: number;
  readonly wallMs: number;
  /** User and system time of the whole process in the window: JavaScript, compiler, collector and kernel work. */
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** The longest turn of the event loop, seen in a window of its own. */
  readonly stallMs: number | undefined;
}

export interface ClosedLoopSample {
  readonly windows: readonly WindowSample[];
  /** Bytes that one call allocates on the JavaScript heap, at the first of the concurrencies. */
  readonly heapBytesPerCall: number | undefined;
  readonly calls: number;
}

/** Before stalls and allocation are looked at. */
const SETTLE_MS = 300;

/** How long calls run before memory is collected: by then each has its connection. */
const COLLECT_AFTER_MS = 50;

await answerTask(measureClosedLoop);

async function measureClosedLoop(input: ClosedLoopInput): Promise<ClosedLoopSample> {
  const { concurrencies, plan } = input;
  const { client, load } = await openLoad(input);
  const busiest = concurrencies[0] ?? 1;
  await warmUp(load, busiest, plan);
  const windows: WindowSample[] = [];
  for (const concurrency of concurrencies) windows.push(await measureWindow(load, concurrency, plan));
  const heapBytesPerCall = await measureHeap(load, busiest, plan.allocationCalls);
  await client.close();
  return { windows, heapBytesPerCall, calls: load.calls };
}

async function warmUp(load: Load, concurrency: number, plan: ClosedLoopPlan): Promise<void> {
  const startedAt = performance.now();
  const [leastUntil, mostUntil] = [startedAt + plan.warmUpMs, startedAt + plan.warmUpMaxMs];
  const isCold = (now: number) => now < leastUntil || load.calls < plan.warmUpCalls;
  await load.run(concurrency, (now) => isCold(now) && now < mostUntil);
}

async function measureWindow(load: Load, concurrency: number, plan: ClosedLoopPlan): Promise<WindowSample> {
  await settle(load, concurrency, plan.settleMs);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const calls = await runFor(load, concurrency, plan.windowMs);
  const { user, system } = process.cpuUsage(cpuBefore);
  const wallMs = performance.now() - startedAt;
  const [p50Us, p99Us] = [load.latencyUs(50), load.latencyUs(99)];
  const stallMs = await measureStall(load, concurrency, plan.stallMs);
  return { concurrency, calls, wallMs, cpuUs: user + system, p50Us, p99Us, stallMs };
}

/**
 * Collects what was left behind before, while calls are in flight as they are under traffic: with nothing in flight it
 * would undo what the compiler did. See `measureAllocation`.
 */
async function settle(load: Load, concurrency: number, ms: number): Promise<void> {
  const collecting = setTimeout(() => globalThis.gc?.(), COLLECT_AFTER_MS);
  await runFor(load, concurrency, ms);
  clearTimeout(collecting);
}

async function measureStall(load: Load, concurrency: number, windowMs: number): Promise<number | undefined> {
  if (windowMs === 0) return undefined;
  // All calls of a window start in its first turn, which no traffic would do: it is over before the look begins.
  const probe = new StallProbe();
  const startAfter = performance.now() + SETTLE_MS;
  const starting = setTimeout(() => probe.start(), SETTLE_MS);
  await load.run(concurrency, (now) => now < startAfter + windowMs);
  clearTimeout(starting);
  return probe.stop();
}

async function measureHeap(load: Load, concurrency: number, calls: number): Promise<number | undefined> {
  if (calls === 0) return undefined;
  await runFor(load, concurrency, SETTLE_MS);
  const enough = load.calls + calls;
  return (await measureAllocation(() => load.run(concurrency, () => load.calls < enough))) / calls;
}

function runFor(load: Load, concurrency: number, ms: number): Promise<number> {
  const until = performance.now() + ms;
  return load.run(concurrency, (now) => now < until);
}
