import { buildBench } from "./build.ts";
import { loadPeer, type Peer, peerNames } from "./client-catalogue.ts";
import { formatComparison } from "./compare.ts";
import { BenchError, UsageError } from "./errors.ts";
import { describeMachine, packageVersion } from "./machine.ts";
import { type BenchOptions, parseOptions } from "./options.ts";
import { startProgress } from "./progress.ts";
import { formatReport } from "./report.ts";
import { type BenchResult, newResult, readResult, writeResult } from "./result.ts";
import { checkHeadroom, headroomOf } from "./server/headroom.ts";
import { runSuite } from "./suite.ts";
import { CONCURRENCIES, SMALL_WORK } from "./work.ts";

const OWN_PACKAGE = "holdfast";

// Exits by a call, so that what is cleaned up at exit is cleaned up on Ctrl-C too.
process.once("SIGINT", () => process.exit(130));
try {
  const options = parseOptions(process.argv.slice(2), peerNames());
  if (options !== undefined) await main(options);
} catch (error) {
  if (!(error instanceof UsageError || error instanceof BenchError)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(options: BenchOptions): Promise<void> {
  const earlier = options.compareFile === undefined ? undefined : readResult(options.compareFile);
  const result = await run(options);
  if (options.jsonFile !== undefined) writeResult(options.jsonFile, result);
  checkHeadroom(headroomOf(result));
  console.log(formatReport(result));
  if (earlier !== undefined) console.log(`\n${formatComparison(result, earlier)}`);
}

async function run({ plan, clients }: BenchOptions): Promise<BenchResult> {
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  const peers = await Promise.all(clients.map((name) => loadPeer(name)));
  const raw = await loadPeer("raw", "server/raw-client.ts");
  const packages = versionsOf(peers);
  const build = await buildBench();
  const progress = startProgress();
  try {
    const rounds = await runSuite({
      peers,
      raw,
      work: SMALL_WORK,
      concurrencies: CONCURRENCIES,
      plan,
      build,
      onProgress: progress.update,
    });
    const descriptions = Object.fromEntries(peers.map(({ name, client }) => [name, client.description]));
    return newResult({
      startedAt,
      machine,
      packages,
      work: SMALL_WORK,
      concurrencies: CONCURRENCIES,
      plan,
      clients: descriptions,
      rounds,
    });
  } finally {
    progress.stop();
  }
}

function versionsOf(peers: readonly Peer[]): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const name of peers.flatMap(({ client }) => client.packages)) {
    versions[name] = packageVersion(name) + (name === OWN_PACKAGE ? " (this tree, built)" : "");
  }
  return versions;
}
