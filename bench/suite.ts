import type { ClientSample, Task, TaskMessage } from "./child/task.ts";
import { Child } from "./child-process.ts";
import type { Target } from "./client.ts";
import type { Peer } from "./client-catalogue.ts";
import { BenchError } from "./errors.ts";
import type { Round } from "./result.ts";
import type { LoadServerCounts } from "./server/load-server.ts";
import type { LoadServerMessage } from "./server/main.ts";
import type { Plan, Work } from "./work.ts";

/** On top of ten times the planned windows: a process that takes longer hangs. */
const TASK_TIMEOUT_MS = 60_000;

export interface SuiteOptions {
  readonly peers: readonly Peer[];
  /** The load server's yardstick; runs once a round at the first concurrency. */
  readonly raw: Peer;
  readonly work: Work;
  readonly concurrencies: readonly number[];
  readonly plan: Plan;
  /** The compiled bench: what the processes run. */
  readonly build: URL;
  /** Called before each process with what is about to run, and once at the end. */
  onProgress(done: number, total: number, running: string): void;
}

/** Runs every round: each client in a fresh process, in an order that is reversed from round to round. */
export async function runSuite(options: SuiteOptions): Promise<Round[]> {
  const server = new Child<LoadServerMessage>("the load server", new URL("server/main.js", options.build), {
    input: options.work,
  });
  try {
    const target = targetAt(portIn(await server.next()));
    const rounds: Round[] = [];
    for (let index = 0; index < options.plan.rounds; index++) {
      rounds.push(await runRound(index, options, server, target));
    }
    const total = options.plan.rounds * (options.peers.length + 1);
    options.onProgress(total, total, "done");
    return rounds;
  } finally {
    await server.end();
  }
}

/** The order of a round: every other one is reversed, so that no client is always the first on a warm machine. */
export function orderOf<T>(peers: readonly T[], round: number): T[] {
  return round % 2 === 0 ? [...peers] : peers.toReversed();
}

async function runRound(
  index: number,
  options: SuiteOptions,
  server: Child<LoadServerMessage>,
  target: Target,
): Promise<Round> {
  const { raw, onProgress, plan } = options;
  const order = orderOf([raw, ...options.peers], index);
  const samples: Record<string, ClientSample> = {};
  for (const [position, peer] of order.entries()) {
    onProgress(index * order.length + position, plan.rounds * order.length, peer.name);
    const before = await countsOf(server);
    samples[peer.name] = await runTask(peer, options, target);
    checkCounts(peer, samples[peer.name]!, before, await countsOf(server));
  }
  const { [raw.name]: rawSample, ...peerSamples } = samples;
  return { order: order.map(({ name }) => name), samples: peerSamples, raw: rawSample! };
}

async function runTask(peer: Peer, options: SuiteOptions, target: Target): Promise<ClientSample> {
  const { work, plan, build } = options;
  const concurrencies = peer === options.raw ? options.concurrencies.slice(0, 1) : options.concurrencies;
  const clientUrl = new URL(peer.file.replace(/\.ts$/, ".js"), build).href;
  const task: Task = { clientUrl, target, work, concurrencies, plan };
  const child = new Child<TaskMessage>(peer.name, new URL("child/main.js", build), {
    input: task,
    nodeOptions: ["--expose-gc"],
    timeoutMs: TASK_TIMEOUT_MS + 10 * (plan.warmUpMs + concurrencies.length * plan.windowMs),
  });
  try {
    const message = await child.next();
    if ("error" in message) throw new BenchError(`${peer.name} failed: ${message.error}`);
    return message.sample;
  } finally {
    await child.end();
  }
}

/**
 * Checks that every call reached the server whole and once: no client answers from memory, none tries twice.
 *
 * @throws {BenchError} where one did not
 */
export function checkCounts(
  peer: Pick<Peer, "name">,
  sample: Pick<ClientSample, "calls">,
  before: LoadServerCounts,
  after: LoadServerCounts,
): void {
  if (after.refused > before.refused) {
    throw new BenchError(`the load server refused a request of ${peer.name}: ${after.refusal}`);
  }
  const answered = after.answered - before.answered;
  if (answered === sample.calls) return;
  throw new BenchError(
    `${peer.name} made ${sample.calls} calls, but the load server answered ${answered} requests`,
  );
}

async function countsOf(server: Child<LoadServerMessage>): Promise<LoadServerCounts> {
  server.send("counts");
  const message = await server.next();
  if ("counts" in message) return message.counts;
  throw new BenchError("the load server sent no counts");
}

function portIn(message: LoadServerMessage): number {
  if ("port" in message) return message.port;
  throw new BenchError("the load server sent no port");
}

function targetAt(port: number): Target {
  return {
    origin: `http://127.0.0.1:${port}`,
    region: "eu-west-1",
    // The documentation's example key: the server checks no signature.
    credentials: {
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    },
    endpointName: "bench",
    contentType: "text/csv",
  };
}
