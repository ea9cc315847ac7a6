import type { ClosedLoopPlan } from "../child/closed-loop.ts";
import type { OpenLoopInput, OpenLoopPlan, OpenLoopSample, RateSample } from "../child/open-loop.ts";
import {
  BASELINE,
  compiledUrl,
  descriptionsOf,
  loadPeer,
  loadPeers,
  type Peer,
  packagesOf,
} from "../client-catalogue.ts";
import { measureClosedLoops } from "../closed-loop.ts";
import { BenchError } from "../errors.ts";
import { measuredFigure } from "../figures.ts";
import { Lab } from "../lab.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import { type Percentiles, valueAt } from "../percentiles.ts";
import { countProcesses } from "../progress-counter.ts";
import type { Curve, Figure } from "../result.ts";
import { runRounds } from "../rounds.ts";
import { headroomDoubt, headroomOf } from "../server/headroom.ts";
import { median } from "../statistics.ts";
import { SMALL_WORK } from "../work.ts";

const WORK = SMALL_WORK;

/**
 * Shares of what the baseline reaches with 64 in flight. At half of it queues are short for who costs as little;
 * the official client cannot serve that, so a rate that every peer can stands beside it.
 */
const SHARES_OF_CAPACITY = [1 / 40, 1 / 2];

const CAPACITY_PLAN: ClosedLoopPlan = {
  warmUpCalls: 5_000,
  warmUpMs: 800,
  warmUpMaxMs: 5_000,
  settleMs: 300,
  windowMs: 1_000,
  stallMs: 0,
  allocationCalls: 0,
};
const CAPACITY_ROUNDS = 3;

const FULL_PLAN: OpenLoopPlan = { warmUpCalls: 5_000, warmUpMs: 800, windowMs: 6_000 };
const QUICK_PLAN: OpenLoopPlan = { warmUpCalls: 3_000, warmUpMs: 500, windowMs: 2_000 };

/** The percentiles that have a column of their own. */
const COLUMNS: Readonly<Record<string, number>> = {
  p50: 0.5,
  p90: 0.9,
  p99: 0.99,
  "p99.9": 0.999,
  "p99.99": 0.9999,
};

export const openLoop: Part = {
  name: "open-loop",
  title: "latency at fixed rates, from when each call was due",
  clients: [
    "undici",
    "undici-signed",
    "holdfast",
    "aws-sdk",
    "aws-sdk-undici",
    "aws4fetch",
    "naive",
    "opossum",
    "cockatiel",
  ],
  quickClients: [],
  hasCoresApart: true,
  estimateSeconds({ clients, rounds, isQuick }) {
    const { windowMs } = isQuick ? QUICK_PLAN : FULL_PLAN;
    return 20 + rounds * clients.length * (4 + (SHARES_OF_CAPACITY.length * windowMs) / 1_000);
  },
  measure: (run) => measure(run, run.isQuick ? QUICK_PLAN : FULL_PLAN),
};

export async function measure(run: PartRun, plan: OpenLoopPlan): Promise<Measured> {
  const { build, rounds, cores } = run;
  const peers = await loadPeers(run.clients);
  const onProcess = countProcesses(run, 2 * CAPACITY_ROUNDS + rounds * peers.length);
  return Lab.use(build, { ...WORK, cores }, async (lab) => {
    const capacity = await capacityOf(await loadPeer(BASELINE), lab, build, onProcess);
    const ratesPerSecond = SHARES_OF_CAPACITY.map((share) => roundRate(capacity * share));
    const samples = await runRounds(peers, rounds, async (peer) => {
      onProcess(peer.name);
      const input: OpenLoopInput = {
        clientUrl: compiledUrl(peer, build),
        target: lab.target,
        work: WORK,
        ratesPerSecond,
        plan,
      };
      const plannedMs = plan.warmUpMs + ratesPerSecond.length * plan.windowMs;
      const task = { name: peer.name, program: "open-loop", input, plannedMs };
      return (await lab.measure<OpenLoopSample>(task)).sample;
    });
    // The higher rate is the question, so it comes first; the lower one was measured first, on an idle client.
    const found = [...ratesPerSecond.entries()].toReversed().flatMap(([index, rate]) =>
      [...samples].map(([client, rounds]) =>
        summarizeRate(
          client,
          titleOf(rate),
          rounds.map(({ rates }) => rates[index]!),
        ),
      ),
    );
    return {
      figures: found.flatMap(({ figures }) => figures),
      curves: found.flatMap(({ curves }) => curves),
      clients: descriptionsOf(peers),
      packages: packagesOf(peers),
      doubts: [],
    };
  });
}

/** Calls per second that a peer reaches with 64 in flight, in this run. */
async function capacityOf(
  peer: Peer,
  lab: Lab,
  build: URL,
  onProcess: (name: string) => void,
): Promise<number> {
  const { samples } = await measureClosedLoops(lab, {
    build,
    peers: [peer],
    work: WORK,
    concurrencies: [64],
    plan: CAPACITY_PLAN,
    rounds: CAPACITY_ROUNDS,
    onProcess,
  });
  const headroom = headroomOf(samples);
  const doubt = headroomDoubt(WORK.title, headroom);
  if (doubt !== undefined) throw new BenchError(doubt);
  return headroom.fastestPerSecond;
}

/**
 * A client's figures at one rate. One that could not sustain it in every round has no latency there: the longer it
 * had been asked, the longer it would have been. The rate that it achieved says so.
 */
export function summarizeRate(
  client: string,
  work: string,
  rounds: readonly RateSample[],
): { readonly figures: Figure[]; readonly curves: Curve[] } {
  const rate = measuredFigure(
    client,
    work,
    "rate",
    rounds.map(({ achievedPerSecond }) => achievedPerSecond),
  );
  if (!rounds.every(({ isSustained }) => isSustained)) return { figures: rate, curves: [] };
  const latencies = rounds.map(({ latencyUs }) => latencyUs);
  const columns = Object.entries(COLUMNS).flatMap(([metric, share]) =>
    measuredFigure(
      client,
      work,
      metric,
      latencies.map((latency) => valueAt(latency, share)),
    ),
  );
  const points = medianCurve(latencies);
  const curves: Curve[] = [{ client, work, kind: "percentiles", metric: "p50", points }];
  return { figures: [...columns, ...rate], curves: points.length > 0 ? curves : [] };
}

/** At each share the median of the rounds. */
function medianCurve(rounds: readonly Percentiles[]): [number, number][] {
  const shares = rounds[0]?.map(([share]) => share) ?? [];
  return shares.map((share) => [share, median(rounds.flatMap((round) => valueAt(round, share) ?? []))]);
}

function roundRate(perSecond: number): number {
  return Math.max(10, Math.round(perSecond / 10) * 10);
}

function titleOf(rate: number): string {
  return `${WORK.title}, open loop, ${rate.toLocaleString("en-US")}/s`;
}
