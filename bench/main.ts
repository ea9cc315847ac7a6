import { buildBench } from "./build.ts";
import { peerNames } from "./client-catalogue.ts";
import { formatComparison } from "./compare.ts";
import { BenchError, UsageError } from "./errors.ts";
import { runsUnder, runUnder } from "./node-version.ts";
import { type BenchOptions, type ChosenPart, parseOptions } from "./options.ts";
import { PARTS } from "./part-catalogue.ts";
import { RAW_RESULTS, writePart } from "./part-file.ts";
import { startProgress } from "./progress.ts";
import { formatReport } from "./report/console.ts";
import type { PartResult } from "./result.ts";
import { readResults, writeResults } from "./result-file.ts";
import { type PartOutcome, runPart } from "./run-part.ts";

// Exits by a call, so that what is cleaned up at exit is cleaned up on Ctrl-C too.
process.once("SIGINT", () => process.exit(130));
try {
  const options = parseOptions(process.argv.slice(2), PARTS, peerNames());
  if (options !== undefined) process.exitCode = await start(options);
} catch (error) {
  if (!(error instanceof UsageError || error instanceof BenchError)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** Here, or under the Node that was asked for. Returns the exit code. */
async function start(options: BenchOptions): Promise<number> {
  const { nodeVersion } = options;
  if (nodeVersion !== undefined && !runsUnder(nodeVersion)) {
    return runUnder(nodeVersion, process.argv.slice(2));
  }
  await main(options);
  return Number(process.exitCode ?? 0);
}

async function main(options: BenchOptions): Promise<void> {
  const earlier = options.compareFile === undefined ? undefined : readResults(options.compareFile);
  console.error(`bench: ${options.parts.map(({ part }) => part.name).join(", ")}: ${expectedTime(options)}`);
  const results = await measureParts(options, await buildBench());
  if (options.jsonFile !== undefined && results.length > 0) writeResults(options.jsonFile, results);
  console.log(formatReport(results));
  if (earlier !== undefined) console.log(`\n${formatComparison(results, earlier)}`);
}

/** Runs the parts one after another. One that cannot be trusted leaves the others' results alone. */
async function measureParts(options: BenchOptions, build: URL): Promise<PartResult[]> {
  const results: PartResult[] = [];
  for (const chosen of options.parts) {
    try {
      const { result, doubts } = await measurePart(chosen, options, build);
      for (const doubt of doubts) complain(chosen, doubt);
      if (result.figures.length === 0) continue;
      results.push(result);
      if (options.isSaved) writePart(RAW_RESULTS, result);
    } catch (error) {
      if (!(error instanceof BenchError)) throw error;
      complain(chosen, error.message);
    }
  }
  return results;
}

async function measurePart(chosen: ChosenPart, options: BenchOptions, build: URL): Promise<PartOutcome> {
  const progress = startProgress(chosen.part.name);
  try {
    return await runPart(chosen, options, { build, onProgress: progress.update });
  } finally {
    progress.stop();
  }
}

function complain({ part }: ChosenPart, message: string): void {
  console.error(`bench: ${part.name}: ${message}`);
  process.exitCode = 1;
}

function expectedTime(options: BenchOptions): string {
  const seconds = options.parts.reduce(
    (sum, { part, clients, rounds }) => sum + part.estimateSeconds({ ...options, clients, rounds }),
    0,
  );
  return seconds < 100 ? `about ${Math.ceil(seconds)} seconds` : `about ${Math.ceil(seconds / 60)} minutes`;
}
