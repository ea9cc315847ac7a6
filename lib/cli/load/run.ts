import { systemClock } from "../../clock.ts";
import { LoadTest } from "../../load/load-test.ts";
import { ProbedClient } from "../../load/probed-client.ts";
import { reportLines } from "../../load/report.ts";
import { resultJson } from "../../load/results.ts";
import type { InvokeEndpointCommandInput } from "../../operations/invoke-endpoint.ts";
import { CommandFailed, interrupted } from "../command-failed.ts";
import { print } from "../print.ts";
import { UsageError } from "../usage-error.ts";
import { readBody } from "./body.ts";
import { makeClients, type NamedClient } from "./clients.ts";
import { askConsent } from "./consent.ts";
import type { LoadFlags } from "./flags.ts";
import { makeInput } from "./input.ts";
import { type RunEnd, runUntilInterrupted } from "./interruption.ts";
import { checkMeasuredCalls } from "./measured-calls.ts";
import { showProgress } from "./progress.ts";
import { checkOverwritesNoInput, checkWritable, writeResults } from "./results-file.ts";

const MS_PER_SECOND = 1_000;

/**
 * Runs one load test and prints what came of it.
 *
 * @throws {UsageError} before anything is sent; {@link CommandFailed} after Ctrl+C, where no call succeeded, or where
 * the report or the results cannot be written
 */
export async function runLoad(flags: LoadFlags): Promise<void> {
  await checkOverwritesNoInput(flags);
  const clients = makeClients(flags);
  let end: RunEnd;
  try {
    const test = makeTest(flags, clients, makeInput(flags, await readBody(flags), clients));
    checkMeasuredCalls(test, namesOf(clients), flags);
    await checkMayRun(flags, clients, test);
    end = await run(test, flags.progress);
  } finally {
    // Also ends the calls that were given up.
    for (const { client } of clients) client.destroy();
  }
  await report(flags, clients, end);
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

async function checkMayRun(flags: LoadFlags, clients: readonly NamedClient[], test: LoadTest): Promise<void> {
  await askConsent({
    calls: test.schedule.calls,
    endpointName: flags.endpointName,
    hostnames: clients.map(({ client }) => client.config.url.hostname),
    isGiven: flags.yes === true,
  });
  await checkCredentials(clients);
  await checkWritable(flags.json);
}

/** Without credentials, every call would fail for the same reason. */
async function checkCredentials(clients: readonly NamedClient[]): Promise<void> {
  for (const { client } of clients) {
    try {
      await client.config.credentials();
    } catch (error) {
      throw new UsageError((error as Error).message.replaceAll("\n", " "));
    }
  }
}

async function run(test: LoadTest, isProgressWanted: boolean): Promise<RunEnd> {
  const progress = await showProgress(test, { isWanted: isProgressWanted, stream: process.stderr });
  try {
    return await runUntilInterrupted(test, progress.say);
  } finally {
    progress.hide();
  }
}

async function report(
  flags: LoadFlags,
  clients: readonly NamedClient[],
  { result, isInterrupted }: RunEnd,
): Promise<void> {
  const names = namesOf(clients);
  const options = clients.map(({ client }) => client.config);
  const text = [headline(flags), "", ...reportLines(result, names, options)].join("\n");
  try {
    // Ahead of the report, so that standard output that fails does not cost the results.
    if (flags.json !== undefined)
      await writeResults(flags.json, { ...about(flags), ...resultJson(result, names, options) });
  } finally {
    await print(text);
  }
  if (isInterrupted) throw interrupted("interrupted");
  if (result.arms.every(({ total }) => total.ok === 0)) throw new CommandFailed("no call succeeded", 1);
}

function namesOf(clients: readonly NamedClient[]): string[] {
  return clients.map(({ name }) => name);
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
