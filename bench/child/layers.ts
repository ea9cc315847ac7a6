import type { Target } from "../client.ts";
import { answerBody } from "../server/answers.ts";
import { median } from "../statistics.ts";
import type { Work } from "../work.ts";
import { measureAllocation } from "./allocation.ts";
import { answerTask } from "./answer-task.ts";
import { Load } from "./load.ts";
import { NullDispatcher } from "./null-dispatcher.ts";
import { requestBody } from "./opened.ts";

export interface LayersPlan {
  /** Of each of the two stacks. */
  readonly warmUpCalls: number;
  readonly windowMs: number;
  /** Windows with the layers and windows without them, in turn. */
  readonly pairs: number;
  readonly allocationCalls: number;
}

export interface LayersInput {
  readonly target: Target;
  readonly work: Pick<Work, "requestBytes" | "responseBytes">;
  /** Names of the layers that one of the two stacks goes without. */
  readonly layers: readonly string[];
  readonly plan: LayersPlan;
}

/** What a call costs with all layers, and how much of it is that of the layers in question. */
export interface LayersSample {
  readonly cpuUs: number;
  readonly heapBytes: number;
  readonly addedCpuUs: number;
  readonly addedHeapBytes: number;
}

/** Enough that a turn of the event loop is shared by many calls, as it is on a busy socket. */
const CONCURRENCY = 64;

await answerTask(measureLayers);

/** `undefined` where the stack has none of the layers. */
async function measureLayers({ target, work, layers, plan }: LayersInput): Promise<LayersSample | undefined> {
  const whole = await openStack(target, work, []);
  const reduced = await openStack(target, work, layers);
  if (reduced.removed.length === 0) return undefined;
  for (const { load } of [whole, reduced]) {
    await load.compareOne();
    await load.run(CONCURRENCY, () => load.calls < plan.warmUpCalls);
  }
  const cpu: number[] = [];
  const added: number[] = [];
  for (let pair = 0; pair < plan.pairs; pair++) {
    // Whoever comes second in a pair comes first in the next, so that a drift of the machine favours nobody.
    const [first, second] = pair % 2 === 0 ? [whole, reduced] : [reduced, whole];
    const costs = new Map([
      [first, await cpuPerCall(first.load, plan.windowMs)],
      [second, await cpuPerCall(second.load, plan.windowMs)],
    ]);
    cpu.push(costs.get(whole)!);
    added.push(costs.get(whole)! - costs.get(reduced)!);
  }
  const heapBytes = await heapPerCall(whole.load, plan.allocationCalls);
  const addedHeapBytes = heapBytes - (await heapPerCall(reduced.load, plan.allocationCalls));
  return { cpuUs: median(cpu), heapBytes, addedCpuUs: median(added), addedHeapBytes };
}

/** A client with every layer on but those named, over a null transport. */
async function openStack(
  { region, credentials, origin, endpointName, contentType }: Target,
  work: LayersInput["work"],
  without: readonly string[],
) {
  const { Registry } = await import("prom-client");
  const { InvokeEndpointCommand, layer, SageMakerRuntimeClient } = await import("holdfast");
  const answer = answerBody(work.responseBytes);
  const sageMaker = new SageMakerRuntimeClient({
    region,
    credentials,
    endpoint: origin,
    dispatcher: new NullDispatcher(answer),
    metrics: { registry: new Registry() },
  });
  const removed = without.filter((name) => sageMaker.middlewareStack.remove(name));
  if (removed.includes("sign")) {
    // Other layers stand relative to the signature, as plug-ins of the official client do.
    const aliases = ["httpSigningMiddleware"];
    sageMaker.middlewareStack.use(
      layer({ name: "unsigned", step: "finalizeRequest", aliases }, (next) => next),
    );
  }
  const client = {
    async call(body: Uint8Array) {
      const output = await sageMaker.send(
        new InvokeEndpointCommand({ EndpointName: endpointName, ContentType: contentType, Body: body }),
      );
      return { status: output.$metadata.httpStatusCode ?? 0, body: output.Body };
    },
    close: async () => sageMaker.destroy(),
  };
  return { load: new Load(client, requestBody(work), answer), removed };
}

async function cpuPerCall(load: Load, windowMs: number): Promise<number> {
  const before = process.cpuUsage();
  const until = performance.now() + windowMs;
  const calls = await load.run(CONCURRENCY, (now) => now < until);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

async function heapPerCall(load: Load, calls: number): Promise<number> {
  const enough = load.calls + calls;
  return (await measureAllocation(() => load.run(CONCURRENCY, () => load.calls < enough))) / calls;
}
