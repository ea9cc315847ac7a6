import type { StreamsInput, StreamsPlan, StreamsSample } from "../child/streams.ts";
import { compiledUrl, descriptionsOf, loadPeer, packagesOf } from "../client-catalogue.ts";
import { measuredFigure } from "../figures.ts";
import { Lab } from "../lab.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import { countProcesses } from "../progress-counter.ts";
import { runRounds } from "../rounds.ts";

/** As many parts as a long answer of a language model has tokens, and as large as a part with one of them. */
const PARTS_PER_STREAM = 10_000;
const PART_BYTES = 64;
const REQUEST_BYTES = 1_024;

const WORK = "stream of 10,000 parts";

/** Room for far more of the time that a part takes the slowest client on a busy machine. */
const PLANNED_MS_PER_STREAM = 500;

const FULL_PLAN: StreamsPlan = { warmUpStreams: 10, streams: 20 };
const QUICK_PLAN: StreamsPlan = { warmUpStreams: 2, streams: 4 };

const CLIENTS = ["undici", "holdfast", "aws-sdk"];

export const streams: Part = {
  name: "streams",
  title: "CPU per part of a streamed answer, and time to its first part",
  clients: CLIENTS,
  quickClients: CLIENTS,
  hasCoresApart: true,
  estimateSeconds: ({ clients, rounds, isQuick }) => (isQuick ? 1.5 : 5) * clients.length * rounds,
  measure: (run) => measure(run, run.isQuick ? QUICK_PLAN : FULL_PLAN),
};

/** Each client in a fresh process per round; in each, one stream after another. */
export async function measure(run: PartRun, plan: StreamsPlan): Promise<Measured> {
  const { build } = run;
  const peers = await Promise.all(run.clients.map((name) => loadPeer(name, `stream-clients/${name}.ts`)));
  const onProcess = countProcesses(run, run.rounds * peers.length);
  const server = {
    requestBytes: REQUEST_BYTES,
    responseBytes: PART_BYTES,
    streamParts: PARTS_PER_STREAM,
    cores: run.cores,
  };
  const samples = await Lab.use(build, server, (lab) =>
    runRounds(peers, run.rounds, async (peer) => {
      onProcess(peer.name);
      const input: StreamsInput = {
        clientUrl: compiledUrl(peer, build),
        target: lab.target,
        requestBytes: REQUEST_BYTES,
        parts: PARTS_PER_STREAM,
        partBytes: PART_BYTES,
        plan,
      };
      const plannedMs = (plan.warmUpStreams + plan.streams) * PLANNED_MS_PER_STREAM;
      const task = { name: peer.name, program: "streams", input, plannedMs };
      return (await lab.measure<StreamsSample>(task)).sample;
    }),
  );
  const figures = [...samples].flatMap(([client, rounds]) => {
    const cpu = rounds.map(({ cpuUsPerPart }) => cpuUsPerPart);
    const first = rounds.map(({ firstPartUs }) => firstPartUs);
    return [
      ...measuredFigure(client, WORK, "cpuPart", cpu),
      ...measuredFigure(client, WORK, "firstPart", first),
    ];
  });
  return { figures, curves: [], clients: descriptionsOf(peers), packages: packagesOf(peers), doubts: [] };
}
