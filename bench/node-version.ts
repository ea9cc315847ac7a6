import { spawn } from "node:child_process";
import { once } from "node:events";

/** The goals are of this one; on the others they must be no worse. */
export const REFERENCE_NODE = 20;

/** `22` of `22.23.3`. */
export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** Whether this process runs under the version asked for: `22` is any 22, `22.23.3` that one. */
export function runsUnder(asked: string, actual = process.versions.node): boolean {
  return actual === asked || actual.startsWith(`${asked}.`);
}

/** The arguments without `--node` and its value. */
export function withoutNode(argv: readonly string[]): string[] {
  return argv.filter((word, index) => !/^--node(=|$)/.test(word) && argv[index - 1] !== "--node");
}

/** Runs this bench, its processes and its load server under another Node, out of npm, and returns its exit code. */
export async function runUnder(version: string, argv: readonly string[]): Promise<number> {
  const script = ["--import", "tsx", `${import.meta.dirname}/main.ts`, ...withoutNode(argv)];
  const child = spawn("npx", ["--yes", "--package", `node@${version}`, "node", ...script], {
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}
