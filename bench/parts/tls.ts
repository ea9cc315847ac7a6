import type { ClosedLoopPlan } from "../child/closed-loop.ts";
import { loadPeers, packagesOf } from "../client-catalogue.ts";
import { descriptionsInLoop, measureClosedLoops } from "../closed-loop.ts";
import { closedLoopFigures, standstillFigures } from "../figures.ts";
import { Lab } from "../lab.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import { countProcesses } from "../progress-counter.ts";
import { SMALL_WORK } from "../work.ts";

const CONCURRENCIES = [64];

const FULL_PLAN: ClosedLoopPlan = {
  warmUpCalls: 6_000,
  warmUpMs: 1_000,
  warmUpMaxMs: 6_000,
  settleMs: 300,
  windowMs: 1_500,
  stallMs: 300,
  allocationCalls: 1_000,
};
const QUICK_PLAN: ClosedLoopPlan = { ...FULL_PLAN, warmUpMs: 600, warmUpMaxMs: 2_500, windowMs: 800 };

export const tls: Part = {
  name: "tls",
  title: "the closed loop over TLS",
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
  estimateSeconds: ({ clients, rounds, isQuick }) => (isQuick ? 4 : 5.5) * (clients.length + 1) * rounds,
  measure: (run) => measure(run, run.isQuick ? QUICK_PLAN : FULL_PLAN),
};

export async function measure(run: PartRun, plan: ClosedLoopPlan): Promise<Measured> {
  const { build, rounds, cores } = run;
  const peers = await loadPeers(run.clients);
  const onProcess = countProcesses(run, rounds * (peers.length + 1));
  const loop = { build, peers, work: SMALL_WORK, concurrencies: CONCURRENCIES, plan, rounds, onProcess };
  const { samples, standstills } = await Lab.use(build, { ...SMALL_WORK, isTls: true, cores }, (lab) =>
    measureClosedLoops(lab, loop),
  );
  const clients = await descriptionsInLoop(peers);
  const { figures, doubts } = closedLoopFigures(samples, SMALL_WORK, CONCURRENCIES, ", TLS");
  figures.push(...standstillFigures(standstills, SMALL_WORK, CONCURRENCIES, ", TLS"));
  return { figures, doubts, curves: [], clients, packages: packagesOf(peers) };
}
