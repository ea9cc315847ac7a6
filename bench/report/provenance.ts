import type { PartResult } from "../result.ts";
import { formatFigure } from "../statistics.ts";

const BYTES_PER_GB = 2 ** 30;

/**
 * From here on a run is not to be trusted with times. Measured with `npm run bench -- --parts closed-loop`: with 0.55 % taken, clients
 * made 0.58 to 0.76 of the calls a second, at 1 KB, that they made on the same machine when it was quiet.
 */
const DISTURBING_SHARE = 0.005;

type Line = [label: string, text: string];

/** Where the figures of a part are from: who can repeat the run, and what to expect. Each line is `label`, `text`. */
export function provenanceOf(part: PartResult): Line[] {
  const { machine, packages, startedAt, revision, command, rounds, isQuick, hasOwnCores } = part;
  return [
    ["command", command],
    ["revision", `${revision}, ${startedAt}`],
    ["machine", machineText(part)],
    ...cautionLines(part),
    ...(hasOwnCores === undefined ? [] : [coresLine(hasOwnCores)]),
    ["system", `${machine.system}, Node ${machine.node}, V8 ${machine.v8}`],
    ["packages", packageList(packages)],
    [
      "figures",
      `medians of ${rounds} ${rounds === 1 ? "round" : "rounds"} (min - max)${isQuick ? "; a quick run" : ""}`,
    ],
  ];
}

function machineText({ machine, stolenShare }: PartResult): string {
  const memory = formatFigure(machine.memoryBytes / BYTES_PER_GB);
  const load = `load average ${machine.loadAverage.toFixed(2)} before the run`;
  const stolen = stolenShare === undefined ? "" : `, ${percent(stolenShare)} of its time taken by its host`;
  return `${machine.cpu}, ${machine.cores} cores, ${memory} GB, ${load}${stolen}`;
}

function cautionLines({ machine, stolenShare = 0 }: PartResult): Line[] {
  const causes = [
    ...(machine.loadAverage >= machine.cores ? ["busy with other work"] : []),
    ...(stolenShare >= DISTURBING_SHARE ? ["its host was busy with others"] : []),
  ];
  if (causes.length === 0) return [];
  return [["caution", `${causes.join(", ")}: expect wide ranges and skewed ratios`]];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function coresLine(hasOwnCores: boolean): Line {
  return [
    "cores",
    hasOwnCores ? "one for the client, one for the load server" : "wherever the system put them",
  ];
}

function packageList(packages: Readonly<Record<string, string>>): string {
  return Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}
