import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The core of each main thread of a measurement. */
export interface OwnCores {
  readonly client: number;
  readonly server: number;
}

const ALLOWED_CPUS = /^Cpus_allowed_list:\s*([\d,-]+)$/m;

let found: { readonly cores: OwnCores | undefined } | undefined;

/**
 * Cores for a client and its load server, one each; `undefined` where this process may use only one, or where the system
 * has no way to say it (`taskset`, of Linux). Left alone, the kernel at times puts two processes that talk to each other
 * on one core, where one stops the other while another core is idle.
 */
export function ownCores(): OwnCores | undefined {
  found ??= { cores: findCores() };
  return found.cores;
}

/**
 * Keeps the main thread of this process on one core. The threads that Node has beside it by then, which collect and
 * compile, go on running wherever there is room: on the same core they would stop the main thread.
 *
 * @throws where the system refuses
 */
export function keepMainThreadOn(core: number): void {
  const { error, status, stderr } = taskset(core);
  if (error !== undefined || status !== 0) throw new Error(`taskset: ${error?.message ?? stderr.trim()}`);
}

/** The numbers in a list of the kernel's, such as `0-2,5`. */
export function cpusIn(list: string): number[] {
  return list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function findCores(): OwnCores | undefined {
  if (process.platform !== "linux") return undefined;
  const list = ALLOWED_CPUS.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
  const cpus = cpusIn(list);
  if (cpus.length < 2 || taskset().status !== 0) return undefined;
  return { client: cpus[0]!, server: cpus.at(-1)! };
}

/** Moves the main thread to `core`, or only asks where it may run. */
function taskset(core?: number) {
  const args = ["--cpu-list", "--pid", ...(core === undefined ? [] : [`${core}`]), `${process.pid}`];
  return spawnSync("taskset", args, { encoding: "utf8" });
}
