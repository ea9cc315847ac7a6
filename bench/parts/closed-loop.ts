import type { ClosedLoopPlan } from "../child/closed-loop.ts";
import { loadPeers, packagesOf } from "../client-catalogue.ts";
import { descriptionsInLoop, measureClosedLoops } from "../closed-loop.ts";
import { closedLoopFigures, standstillFigures } from "../figures.ts";
import { Lab } from "../lab.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import { countProcesses } from "../progress-counter.ts";
import type { Figure } from "../result.ts";
import { CONCURRENCIES, LARGE_WORK, MEDIUM_WORK, SMALL_WORK, type Work } from "../work.ts";

/** One kind of work and how long its processes measure. */
export interface ClosedLoopStep {
  readonly work: Work;
  readonly plan: ClosedLoopPlan;
}

const FULL = { warmUpMs: 1_000, warmUpMaxMs: 6_000, settleMs: 300, windowMs: 1_000, stallMs: 300 };

/**
 * A fast client's code goes on being compiled for tens of thousands of calls on Node 24 and 26, and for thousands more once
 * one call is in flight at a time. Less shows the compiler: CPU of a call falls from window to window.
 */
const SMALL_WARM_UP = { warmUpCalls: 60_000, settleMs: 1_200 };

const FULL_STEPS: readonly ClosedLoopStep[] = [
  { work: SMALL_WORK, plan: { ...FULL, ...SMALL_WARM_UP, allocationCalls: 1_000 } },
  { work: MEDIUM_WORK, plan: { ...FULL, warmUpCalls: 3_000, allocationCalls: 500 } },
  // Bound by hashing and copying, which no compiler makes faster: a few calls warm it up. A second is 200 calls, whose
  // CPU time differed by a seventh from process to process; over three it differs by half as much.
  {
    work: LARGE_WORK,
    plan: { ...FULL, warmUpCalls: 100, warmUpMs: 500, windowMs: 3_000, stallMs: 600, allocationCalls: 100 },
  },
];

/** Bounded also on a machine that is busy with other work, where the slowest client would warm up for minutes. */
const QUICK_STEPS: readonly ClosedLoopStep[] = [
  {
    work: SMALL_WORK,
    plan: {
      ...SMALL_WARM_UP,
      settleMs: 800,
      warmUpMs: 600,
      warmUpMaxMs: 3_500,
      windowMs: 600,
      stallMs: 150,
      allocationCalls: 500,
    },
  },
];

/** Of a process that measures one client at one kind of work, starting and warming up included. */
const SECONDS_PER_PROCESS = { full: 8.7, quick: 5.5 };

export const closedLoop: Part = {
  name: "closed-loop",
  title: "CPU, latency, allocation and event-loop stalls per call, at 64 and 1 in flight",
  clients: [
    "undici",
    "undici-sha256",
    "undici-signed",
    "holdfast",
    "aws-sdk",
    "aws-sdk-undici",
    "aws4fetch",
    "naive",
    "opossum",
    "cockatiel",
  ],
  quickClients: ["undici", "undici-signed", "holdfast", "aws-sdk"],
  hasCoresApart: true,
  estimateSeconds({ clients, rounds, isQuick }) {
    const processes = stepsOf(isQuick).length * rounds * (clients.length + 1);
    return processes * SECONDS_PER_PROCESS[isQuick ? "quick" : "full"];
  },
  measure: (run) => measure(run, stepsOf(run.isQuick)),
};

/** Every client at every kind of work, each in a fresh process per round. */
export async function measure(run: PartRun, steps: readonly ClosedLoopStep[]): Promise<Measured> {
  const peers = await loadPeers(run.clients);
  const onProcess = countProcesses(run, steps.length * run.rounds * (peers.length + 1));
  const figures: Figure[] = [];
  const doubts: string[] = [];
  for (const { work, plan } of steps) {
    const { build, rounds, cores } = run;
    const { samples, standstills } = await Lab.use(build, { ...work, cores }, (lab) =>
      measureClosedLoops(lab, { build, peers, work, concurrencies: CONCURRENCIES, plan, rounds, onProcess }),
    );
    const found = closedLoopFigures(samples, work, CONCURRENCIES);
    figures.push(...found.figures, ...standstillFigures(standstills, work, CONCURRENCIES));
    doubts.push(...found.doubts);
  }
  const clients = await descriptionsInLoop(peers);
  return { figures, curves: [], clients, packages: packagesOf(peers), doubts };
}

function stepsOf(isQuick: boolean): readonly ClosedLoopStep[] {
  return isQuick ? QUICK_STEPS : FULL_STEPS;
}
