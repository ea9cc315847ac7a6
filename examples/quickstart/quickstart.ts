import { once } from "node:events";
import type { SageMakerRuntimeClient } from "holdfast";
import { type LocalEndpoint, startLocalEndpoint } from "holdfast/local";
import { Registry } from "prom-client";
import { type RunningContainers, runContainers } from "./container/run.ts";
import { type Flower, readFlowers } from "./flowers/iris.ts";
import { seededRandom } from "./flowers/random.ts";
import { splitFlowers } from "./flowers/split.ts";
import type { QuickstartOptions } from "./options.ts";
import { formatReport } from "./report/format.ts";
import { serveMetrics } from "./report/metrics-server.ts";
import { showProgress } from "./report/progress.ts";
import { readAttemptOutcomes, readBreakerTransitions } from "./report/registry-view.ts";
import { Tally } from "./report/tally.ts";
import { judge, type Verdict } from "./report/verdict.ts";
import { ask } from "./traffic/ask.ts";
import { createClient } from "./traffic/client.ts";
import { forEachConcurrently } from "./traffic/concurrently.ts";
import { FAULTS, FAULTS_IN_WORDS } from "./traffic/faults.ts";
import { planCalls } from "./traffic/plan.ts";
import { CANARY, VARIANTS } from "./variants.ts";

/**
 * The whole job: two containers, the local endpoint in front of them, the calls, the report. Everything that
 * it started has ended when it returns or throws.
 *
 * @returns whether the run passed
 * @throws the signal's reason, when it fires before the report
 */
export async function quickstart(options: QuickstartOptions, signal: AbortSignal): Promise<boolean> {
  const registry = new Registry();
  await using containers = await runContainers(
    VARIANTS.map(({ model }) => model),
    signal,
  );
  await using metrics = await serveMetrics(registry);
  await using endpoint = await startEndpoint(containers, options.seed);
  await using client = createClient({ ...options, endpoint: endpoint.url, registry });

  console.log(`Endpoint ${endpoint.url}: ${FAULTS_IN_WORDS}.`);
  if (options.bare) console.log("Retries, circuit breaker and warm-up gate are off.");
  console.log(`Metrics  ${metrics.url}\n`);

  const { passed, lines } = await sendAndReport(client, registry, options, signal);
  if (options.stay) console.log(`${metrics.url} stays up until Ctrl-C.`);
  console.log(lines.join("\n"));
  if (options.stay && !signal.aborted) await once(signal, "abort");
  return passed;
}

function startEndpoint({ all }: RunningContainers, seed: number): Promise<LocalEndpoint> {
  const variants = VARIANTS.map(({ name, weight }, index) => ({ name, weight, container: all[index]!.url }));
  return startLocalEndpoint({ variants, faults: FAULTS, seed });
}

async function sendAndReport(
  client: SageMakerRuntimeClient,
  registry: Registry,
  options: QuickstartOptions,
  signal: AbortSignal,
): Promise<Verdict> {
  const flowers = readFlowers();
  const heldOutRows = new Set(splitFlowers(flowers).heldOut.map(({ row }) => row));
  const tally = new Tally(
    VARIANTS.map(({ name }) => name),
    heldOutRows,
  );

  const startedAt = performance.now();
  await sendAll(client, flowers, tally, options, signal);
  const seconds = (performance.now() - startedAt) / 1_000;

  const report = formatReport({
    calls: tally.calls,
    answers: tally.answers,
    lostByError: tally.lostByError,
    concurrency: options.concurrency,
    seconds,
    scores: tally.scores(),
    attemptOutcomes: await readAttemptOutcomes(registry),
    callsByAttempts: tally.callsByAttempts,
    latencyMs: tally.latency(),
    breakerTransitions: await readBreakerTransitions(registry),
  });
  console.log(`${report}\n`);
  return judge(tally.calls, tally.lost, tally.scores(), heldOutRows.size);
}

async function sendAll(
  client: SageMakerRuntimeClient,
  flowers: readonly Flower[],
  tally: Tally,
  { calls, concurrency, seed }: QuickstartOptions,
  signal: AbortSignal,
): Promise<void> {
  const plan = planCalls(flowers, calls, CANARY.name, seededRandom(seed));
  const progress = showProgress(calls);
  try {
    await forEachConcurrently(plan, concurrency, signal, async (call) => {
      tally.add(await ask(client, call, signal));
      progress.update(tally.calls, tally.lost);
    });
  } finally {
    progress.stop();
  }
  signal.throwIfAborted();
}
