import { createHook } from "node:async_hooks";
import { getHeapSpaceStatistics } from "node:v8";
import { type CallMiddleware, layer } from "holdfast";
import { measureAllocation } from "../child/allocation.ts";
import { NullDispatcher } from "../child/null-dispatcher.ts";
import { median } from "../statistics.ts";
import { type CountedClient, openClient } from "./default-client.ts";

/** What one counting process does; each has a process of its own, so that none warms up for another. */
export interface CountingTask {
  readonly kind:
    | "heap over loopback"
    | "promoted heap"
    | "heap of layers"
    | "promises and timers"
    | "layer runs";
  readonly origin: string;
}

export type Counts = Readonly<Record<string, number>>;
export type CountingMessage = { readonly counts: Counts } | { readonly error: string };

const CONCURRENCY = 16;
/** Until the compiler has done what it will do: allocation falls up to there. */
const WARM_UP_CALLS = 8_000;
const WINDOW_CALLS = 1_600;
const WINDOWS = 3;
const ANSWER_BYTES = 1024;

process.on("disconnect", () => process.exit());
const { kind, origin } = JSON.parse(process.argv[2] ?? "{}") as CountingTask;
try {
  send({ counts: await count() });
} catch (error) {
  send({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
}

function count(): Promise<Counts> {
  switch (kind) {
    case "heap over loopback":
      return countHeap(openClient(origin));
    case "promoted heap":
      return countPromoted(openClient(origin));
    case "heap of layers":
      return countHeap(openNullClient());
    case "promises and timers":
      return countResources(openNullClient());
    case "layer runs":
      return countLayerRuns(openClient(origin));
  }
}

function openNullClient(): CountedClient {
  return openClient(origin, new NullDispatcher(Buffer.alloc(ANSWER_BYTES, "0.5,")));
}

async function countHeap(client: CountedClient): Promise<Counts> {
  await client.callMany(WARM_UP_CALLS, CONCURRENCY);
  const windows: number[] = [];
  for (let i = 0; i < WINDOWS; i++) {
    windows.push(await measureAllocation(() => client.callMany(WINDOW_CALLS, CONCURRENCY)));
  }
  client.close();
  return { heap: median(windows) / WINDOW_CALLS };
}

/**
 * What calls leave behind among the long-lived objects, where only a full collection finds that they are dead.
 * Until then each collection of the short-lived ones has to copy them, and all that hangs on them.
 */
async function countPromoted(client: CountedClient): Promise<Counts> {
  await client.callMany(WARM_UP_CALLS, CONCURRENCY);
  globalThis.gc?.();
  // The code that the collection has thrown away is compiled again.
  await client.callMany(WARM_UP_CALLS, CONCURRENCY);
  const before = longLivedBytes();
  await client.callMany(WARM_UP_CALLS, CONCURRENCY);
  const promoted = longLivedBytes() - before;
  client.close();
  return { heap: Math.max(0, promoted) / WARM_UP_CALLS };
}

function longLivedBytes(): number {
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space");
  // Without it nothing would ever seem to be left behind.
  if (old === undefined) throw new Error("this version of V8 has no heap space of the name old_space");
  return old.space_used_size;
}

async function countResources(client: CountedClient): Promise<Counts> {
  const made = { PROMISE: 0, Timeout: 0 };
  const hook = createHook({
    init(_id, type) {
      if (type === "PROMISE" || type === "Timeout") made[type]++;
    },
  });
  // The first calls resolve the stack and derive the signing key.
  await client.callMany(CONCURRENCY, 1);
  hook.enable();
  await client.callMany(WINDOW_CALLS, 1);
  hook.disable();
  client.close();
  return { promises: made.PROMISE / WINDOW_CALLS, timers: made.Timeout / WINDOW_CALLS };
}

/** How often each layer runs for one call, by the layer's name in the stack. */
async function countLayerRuns(client: CountedClient): Promise<Counts> {
  const runs: Record<string, number> = {};
  for (const name of client.stack.identify().map((entry) => entry.split(" ")[0]!)) {
    runs[name] = 0;
    const countRuns: CallMiddleware = (next) => (args) => {
      runs[name]!++;
      return next(args);
    };
    const placement = { name: `countRunsOf ${name}`, relation: "before", toMiddleware: name } as const;
    client.stack.use(layer(placement, countRuns));
  }
  await client.call();
  client.close();
  return runs;
}

function send(message: CountingMessage): void {
  process.send?.(message);
}
