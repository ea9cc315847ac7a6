import type { PartResult } from "../result.ts";
import { formatFigure } from "../statistics.ts";

const BYTES_PER_GB = 2 ** 30;

/** Where the figures of a part are from: who can repeat the run, and what to expect. Each line is `label`, `text`. */
export function provenanceOf(part: PartResult): [label: string, text: string][] {
  const { machine, packages, startedAt, revision, command, rounds, isQuick, hasOwnCores } = part;
  const memory = formatFigure(machine.memoryBytes / BYTES_PER_GB);
  const load = `load average ${machine.loadAverage.toFixed(2)} before the run`;
  const isBusy = machine.loadAverage >= machine.cores;
  return [
    ["command", command],
    ["revision", `${revision}, ${startedAt}`],
    ["machine", `${machine.cpu}, ${machine.cores} cores, ${memory} GB, ${load}`],
    ...(isBusy
      ? [["caution", "busy with other work: expect wide ranges and skewed ratios"] as [string, string]]
      : []),
    ...(hasOwnCores === undefined ? [] : [coresLine(hasOwnCores)]),
    ["system", `${machine.system}, Node ${machine.node}, V8 ${machine.v8}`],
    ["packages", packageList(packages)],
    [
      "figures",
      `medians of ${rounds} ${rounds === 1 ? "round" : "rounds"} (min - max)${isQuick ? "; a quick run" : ""}`,
    ],
  ];
}

function coresLine(hasOwnCores: boolean): [label: string, text: string] {
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
