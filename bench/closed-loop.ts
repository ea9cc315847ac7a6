import type { ClosedLoopInput, ClosedLoopPlan, ClosedLoopSample } from "./child/closed-loop.ts";
import type { StandstillSample } from "./child/standstill.ts";
import { compiledUrl, descriptionsOf, loadPeer, type Peer } from "./client-catalogue.ts";
import type { Lab, Measurement } from "./lab.ts";
import { runRounds } from "./rounds.ts";
import { MACHINE, MACHINE_DESCRIPTION, measureStandstill } from "./standstill.ts";
import type { Work } from "./work.ts";

/** The name that the load server's yardstick has in figures; no peer. */
export const RAW = "raw";

export interface ClosedLoopRun {
  readonly build: URL;
  readonly peers: readonly Peer[];
  readonly work: Work;
  readonly concurrencies: readonly number[];
  readonly plan: ClosedLoopPlan;
  readonly rounds: number;
  /** Called before each process with the name of whom it measures. */
  onProcess(name: string): void;
}

/** What each client came to, the raw one among them, in the order of the rounds. */
export type ClosedLoopSamples = ReadonlyMap<string, readonly Measurement<ClosedLoopSample>[]>;

export interface ClosedLoops {
  readonly samples: ClosedLoopSamples;
  /** What the machine itself did in each round; none where the event loop is not watched. */
  readonly standstills: readonly StandstillSample[];
}

/** Descriptions of the peers, and of what is measured beside them. */
export async function descriptionsInLoop(peers: readonly Peer[]): Promise<Record<string, string>> {
  return { ...descriptionsOf([...peers, await loadRawClient()]), [MACHINE]: MACHINE_DESCRIPTION };
}

function loadRawClient(): Promise<Peer> {
  return loadPeer(RAW, "server/raw-client.ts");
}

/** Every peer and the raw client in a fresh process each round, and what server and machine allow beside them. */
export async function measureClosedLoops(lab: Lab, run: ClosedLoopRun): Promise<ClosedLoops> {
  const { peers, rounds, concurrencies, plan } = run;
  const standstills: StandstillSample[] = [];
  const samples = await runRounds([await loadRawClient(), ...peers], rounds, async (peer) => {
    run.onProcess(peer.name);
    if (peer.name === RAW && plan.stallMs > 0) {
      standstills.push(
        await measureStandstill(lab, { windows: concurrencies.length, windowMs: plan.stallMs }),
      );
    }
    return measureOne(lab, peer, run);
  });
  return { samples, standstills };
}

function measureOne(lab: Lab, peer: Peer, run: ClosedLoopRun): Promise<Measurement<ClosedLoopSample>> {
  const { build, work, plan } = run;
  const isRaw = peer.name === RAW;
  // The raw client shows what the server can serve, and that is all it is for.
  const concurrencies = isRaw ? run.concurrencies.slice(0, 1) : run.concurrencies;
  const input: ClosedLoopInput = {
    clientUrl: compiledUrl(peer, build),
    target: lab.target,
    work,
    concurrencies,
    plan: isRaw ? { ...plan, stallMs: 0, allocationCalls: 0 } : plan,
  };
  const plannedMs = plan.warmUpMs + concurrencies.length * (plan.windowMs + plan.stallMs);
  return lab.measure<ClosedLoopSample>({ name: peer.name, program: "closed-loop", input, plannedMs });
}
