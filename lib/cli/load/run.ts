import { systemClock } from "../../clock.ts";
import { type LoadResult, LoadTest } from "../../load/load-test.ts";
import { ProbedClient } from "../../load/probed-client.ts";
import { reportLines } from "../../load/report.ts";
import { resultJson } from "../../load/results.ts";
import type { InvokeEndpointCommandInput } from "../../operations/invoke-endpoint.ts";
import { CommandFailed } from "../command-failed.ts";
import { UsageError } from "../usage-error.ts";
import { readBody } from "./body.ts";
import { makeClients, type NamedClient } from "./clients.ts";
import { askConsent } from "./consent.ts";
import type { LoadFlags } from "./flags.ts";
import { makeInput } from "./input.ts";
import { checkMeasuredCalls } from "./measured-calls.ts";
import { showProgress } from "./progress.ts";
import { checkOverwritesNoInput, checkWritable, writeResults } from "./results-file.ts";

const MS_PER_SECOND = 1_000;

/** What a shell reports for a process that SIGINT ended. */
const INTERRUPTED_EXIT_CODE = 130;

/**
 * Runs one load test and prints what came of it.
 *
 * @throws {UsageError} before anything is sent; {@link CommandFailed} after Ctrl+C, or where no call succeeded
 */
export async function runLoad(flags: LoadFlags): Promise<void> {
  await checkOverwritesNoInput(flags);
  const clients = makeClients(flags);
  try {
    const input = makeInput(flags, await readBody(flags), clients);
    await measure(flags, clients, makeTest(flags, clients, input));
  } finally {
    for (const { client } of clients) client.destroy();
  }
}

function makeTest(
  flags: LoadFlags,
  clients: readonly NamedClient[],
  input: InvokeEndpointCommandInput,
): LoadTest {
  return new LoadTest({
    shape: {
      ratePerSecond: flags.rate,
      rampMs: flags.ramp * MS_PER_SECOND,
      warmUpMs: flags.warmUp * MS_PER_SECOND,
      durationMs: flags.duration * MS_PER_SECOND,
    },
    maxInFlight: flags.maxInFlight,
    arms: clients.map(({ client }) => {
      const probed = new ProbedClient(client, input);
      return () => probed.call();
    }),
    clock: systemClock,
  });
}

async function measure(flags: LoadFlags, clients: readonly NamedClient[], test: LoadTest): Promise<void> {
  const names = clients.map(({ name }) => name);
  checkMeasuredCalls(test, names, flags);
  await askConsent({
    calls: test.schedule.calls,
    endpointName: flags.endpointName,
    hostnames: clients.map(({ client }) => client.config.url.hostname),
    isGiven: flags.yes === true,
  });
  await checkCredentials(clients);
  await checkWritable(flags.json);
  const { result, isInterrupted } = await run(test, flags.progress);
  process.stdout.write([headline(flags), "", ...reportLines(result, names)].join("\n"));
  if (flags.json !== undefined)
    await writeResults(flags.json, { ...about(flags), ...resultJson(result, names) });
  if (isInterrupted) throw new CommandFailed("interrupted", INTERRUPTED_EXIT_CODE);
  if (result.arms.every(({ total }) => total.ok === 0)) throw new CommandFailed("no call succeeded", 1);
}

/** Without credentials, every call would fail for the same reason. */
async function checkCredentials(clients: readonly NamedClient[]): Promise<void> {
  for (const { client } of clients) {
    try {
      await client.config.credentials.resolve({ running: undefined, cancelled: undefined });
    } catch (error) {
      throw new UsageError((error as Error).message.replaceAll("\n", " "));
    }
  }
}

/** The first Ctrl+C ends the sending; a second one, the process. */
async function run(
  test: LoadTest,
  isProgressWanted: boolean,
): Promise<{ result: LoadResult; isInterrupted: boolean }> {
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    test.stop();
  };
  const hideProgress = await showProgress(test, { isWanted: isProgressWanted, stream: process.stderr });
  process.once("SIGINT", interrupt);
  const result = await test.run();
  process.off("SIGINT", interrupt);
  hideProgress();
  return { result, isInterrupted };
}

function headline({ endpointName, rate, duration, warmUp, ramp }: LoadFlags): string {
  return `Endpoint ${endpointName}: ${rate} calls per second for ${duration} s, after a ramp of ${ramp} s and ${warmUp} s of warm-up.`;
}

function about(flags: LoadFlags): object {
  return {
    endpointName: flags.endpointName,
    ratePerSecond: flags.rate,
    durationMs: flags.duration * MS_PER_SECOND,
    warmUpMs: flags.warmUp * MS_PER_SECOND,
    rampMs: flags.ramp * MS_PER_SECOND,
    maxInFlight: flags.maxInFlight,
    node: process.versions.node,
  };
}
