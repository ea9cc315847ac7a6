import { readFileSync, writeFileSync } from "node:fs";
import type { ClientSample } from "./child/task.ts";
import { BASELINE } from "./client-catalogue.ts";
import { UsageError } from "./errors.ts";
import type { Machine } from "./machine.ts";
import type { Plan, Work } from "./work.ts";

/** Changes with the shape of {@link BenchResult}: results of another format are not compared. */
const FORMAT = 1;

/** All clients, once each, in the order they ran. */
export interface Round {
  readonly order: readonly string[];
  readonly samples: Readonly<Record<string, ClientSample>>;
  /** The raw client, which runs for the load server's sake. */
  readonly raw: ClientSample;
}

/** Everything a run measured, unabridged: what `--json` writes and `--compare` reads. */
export interface BenchResult {
  readonly format: typeof FORMAT;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: Machine;
  readonly packages: Readonly<Record<string, string>>;
  readonly work: Work;
  readonly concurrencies: readonly number[];
  readonly plan: Plan;
  readonly clients: Readonly<Record<string, string>>;
  readonly rounds: readonly Round[];
}

export function newResult(parts: Omit<BenchResult, "format">): BenchResult {
  return { format: FORMAT, ...parts };
}

export function writeResult(file: string, result: BenchResult): void {
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}

/** @throws {UsageError} for a file that holds no result of this format */
export function readResult(file: string): BenchResult {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new UsageError(
      `--compare must name a result that --json wrote, got ${JSON.stringify(file)}: not JSON`,
    );
  }
  if (isResult(content)) return content;
  throw new UsageError(
    `--compare must name a result that --json wrote, got ${JSON.stringify(file)}: not a result of format ${FORMAT}`,
  );
}

/** Checks what a comparison relies on: the format, and a baseline in every round. */
function isResult(content: unknown): content is BenchResult {
  if (typeof content !== "object" || content === null) return false;
  const { format, machine, rounds } = content as Partial<BenchResult>;
  if (format !== FORMAT || typeof machine !== "object" || !Array.isArray(rounds) || rounds.length === 0)
    return false;
  return rounds.every((round: Partial<Round>) => round.samples?.[BASELINE]?.windows !== undefined);
}
