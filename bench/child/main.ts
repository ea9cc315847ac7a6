import type { BenchClient } from "../client.ts";
import { answerBody } from "../server/load-server.ts";
import { measureAllocation } from "./allocation.ts";
import { Load } from "./load.ts";
import type { ClientSample, Task, TaskMessage, WindowSample } from "./task.ts";

/** Before a window of another concurrency: sockets are opened and the loop is hot again. */
const SETTLE_MS = 100;

// The suite is gone, or has what it asked for: nothing that a client left open keeps the process alive.
process.on("disconnect", () => process.exit());
const task = JSON.parse(process.argv[2] ?? "{}") as Task;
try {
  report({ sample: await measure(task) });
} catch (error) {
  report({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
}

async function measure({ clientUrl, target, work, concurrencies, plan }: Task): Promise<ClientSample> {
  const { client } = (await import(clientUrl)) as { client: BenchClient };
  const opened = await client.open(target);
  const load = new Load(opened, Buffer.alloc(work.requestBytes, "0.5,"), answerBody(work.responseBytes));
  const busiest = concurrencies[0] ?? 1;
  await load.compareOne();
  const warmUntil = performance.now() + plan.warmUpMs;
  await load.run(busiest, (now) => now < warmUntil || load.calls < plan.warmUpCalls);
  const windows: WindowSample[] = [];
  for (const concurrency of concurrencies) {
    windows.push(await measureWindow(load, concurrency, plan.windowMs));
  }
  const heapBytesPerCall = await measureHeap(load, busiest, plan.allocationCalls);
  await opened.close();
  return { windows, heapBytesPerCall, calls: load.calls };
}

async function measureWindow(load: Load, concurrency: number, windowMs: number): Promise<WindowSample> {
  const settledAt = performance.now() + SETTLE_MS;
  await load.run(concurrency, (now) => now < settledAt);
  globalThis.gc?.();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const calls = await load.run(concurrency, (now) => now < startedAt + windowMs);
  const cpu = process.cpuUsage(cpuBefore);
  const wallMs = performance.now() - startedAt;
  return { concurrency, calls, wallMs, userCpuUs: cpu.user, systemCpuUs: cpu.system, p50Us: load.p50Us };
}

async function measureHeap(load: Load, concurrency: number, calls: number): Promise<number> {
  const settledAt = performance.now() + SETTLE_MS;
  await load.run(concurrency, (now) => now < settledAt);
  const enough = load.calls + calls;
  return (await measureAllocation(() => load.run(concurrency, () => load.calls < enough))) / calls;
}

function report(message: TaskMessage): void {
  process.send?.(message);
}
