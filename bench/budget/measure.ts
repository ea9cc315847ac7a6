import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildBench } from "../build.ts";
import { Child } from "../child-process.ts";
import { BenchError } from "../errors.ts";
import { bundleSize, OUTSIDE_OF_CORE } from "../parts/bundle.ts";
import type { CountingMessage, CountingTask, Counts } from "./counting-task.ts";
import type { Measured } from "./quantity.ts";
import * as quantities from "./quantity.ts";
import { ScriptedServer } from "./scripted-server.ts";

const TIMEOUT_MS = 60_000;
const PACKAGE = join(import.meta.dirname, "..", "..", "package.json");

/** Everything that has a budget, of the compiled package as it is now. */
export async function measureAll(): Promise<Measured[]> {
  const build = await buildBench();
  const server = await ScriptedServer.listen();
  const count = (kind: CountingTask["kind"]) =>
    runChild(build, "counting-task", { kind, origin: server.origin });
  try {
    const runs = await countLayerRuns(server, count);
    const headBytes = lengthOfHead(server.latestHead);
    // No figure is a time, so the processes may run side by side.
    const [call, promoted, layers, resources, imported, bundled] = await Promise.all([
      count("heap over loopback"),
      count("promoted heap"),
      count("heap of layers"),
      count("promises and timers"),
      runChild(build, "loaded-modules", {}),
      bundleSize("holdfast", OUTSIDE_OF_CORE, build),
    ]);
    return [
      { quantity: quantities.HEAP_PER_CALL, value: call.heap! },
      { quantity: quantities.PROMOTED_HEAP, value: promoted.heap! },
      { quantity: quantities.HEAP_OF_LAYERS, value: layers.heap! },
      { quantity: quantities.PROMISES, value: resources.promises! },
      { quantity: quantities.TIMERS, value: resources.timers! },
      { quantity: quantities.REQUEST_HEAD, value: headBytes },
      { quantity: quantities.BUNDLED_CORE, value: bundled.bytes },
      { quantity: quantities.LOADED_MODULES, value: imported.modules! },
      { quantity: quantities.DEPENDENCIES, value: runtimeDependencies() },
      ...runs,
    ];
  } finally {
    await server.close();
  }
}

async function countLayerRuns(
  server: ScriptedServer,
  count: (kind: CountingTask["kind"]) => Promise<Counts>,
): Promise<Measured[]> {
  const toMeasured = (counts: Counts, situation: string) =>
    Object.entries(counts).map(([layer, value]) => ({
      quantity: quantities.layerRuns(layer, situation),
      value,
    }));
  const plain = await count("layer runs");
  server.answerWith(503);
  return [
    ...toMeasured(plain, "a plain call"),
    ...toMeasured(await count("layer runs"), "a call with one retry"),
  ];
}

async function runChild(build: URL, program: string, input: CountingTask | object): Promise<Counts> {
  const child = new Child<CountingMessage>(program, new URL(`budget/${program}.js`, build), {
    input,
    nodeOptions: ["--expose-gc"],
    timeoutMs: TIMEOUT_MS,
  });
  try {
    const message = await child.next();
    if ("error" in message) throw new BenchError(`${program} failed: ${message.error}`);
    return message.counts;
  } finally {
    await child.end();
  }
}

/** The platform's name and version are in the user agent, so its value is left out. */
function lengthOfHead(head: string): number {
  return head.replace(/^(user-agent): .*$/im, "$1: ").length;
}

function runtimeDependencies(): number {
  const { dependencies } = JSON.parse(readFileSync(PACKAGE, "utf8")) as { dependencies: object };
  return Object.keys(dependencies).length;
}
