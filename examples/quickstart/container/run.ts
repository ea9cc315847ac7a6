import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ModelName } from "../flowers/classifiers.ts";

/** Starting Node, compiling and training take about a second; a machine may be busy. */
const START_TIMEOUT_MS = 30_000;
const PING_INTERVAL_MS = 25;
/** A container has nothing to finish when it is told to end. */
const STOP_TIMEOUT_MS = 2_000;

const HERE = fileURLToPath(new URL("..", import.meta.url));

/** A container process that answers. */
export interface RunningContainer {
  readonly url: string;
  readonly pid: number;
}

/** Container processes; disposing of them ends them all and waits for their end. */
export interface RunningContainers extends AsyncDisposable {
  /** In the order of the models. */
  readonly all: readonly RunningContainer[];
}

/**
 * Starts a container process for each model and waits until every `/ping` says that its model is trained.
 * If one does not get there, none is left behind.
 *
 * @throws {Error} naming the model whose container ended early or did not answer in time; the signal's reason, once
 *   it fired
 */
export async function runContainers(
  models: readonly ModelName[],
  signal: AbortSignal,
): Promise<RunningContainers> {
  signal.throwIfAborted();
  const children = models.map(startProcess);
  const stopAll = async () => void (await Promise.all(children.map(stop)));
  try {
    const all = await Promise.all(children.map((child, index) => answering(child, models[index]!, signal)));
    return { all, [Symbol.asyncDispose]: stopAll };
  } catch (error) {
    await stopAll();
    signal.throwIfAborted();
    throw error;
  }
}

function startProcess(model: ModelName): ChildProcess {
  return fork("container.ts", ["--model", model, "--port", "0"], {
    cwd: HERE,
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

async function answering(
  child: ChildProcess,
  model: ModelName,
  signal: AbortSignal,
): Promise<RunningContainer> {
  const settled = new AbortController();
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const until = AbortSignal.any([signal, settled.signal, timeout]);
  try {
    const url = await Promise.race([pinged(child, until), endedEarly(child, model)]);
    return { url, pid: child.pid! };
  } catch (error) {
    if (!timeout.aborted) throw error;
    throw new Error(`container ${model} did not answer /ping within ${START_TIMEOUT_MS} ms`, {
      cause: error,
    });
  } finally {
    // Of the two that raced, the one that still waits gives up.
    settled.abort();
  }
}

/** The container's URL, once its `/ping` answers 200. */
async function pinged(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const [{ url }] = (await once(child, "message", { signal })) as [{ url: string }];
  while ((await fetch(`${url}/ping`, { signal })).status !== 200) {
    await sleep(PING_INTERVAL_MS, undefined, { signal });
  }
  return url;
}

async function endedEarly(child: ChildProcess, model: ModelName): Promise<never> {
  const [code, signalName] = await once(child, "exit");
  throw new Error(`container ${model} ended (${signalName ?? `code ${code}`}) before it answered /ping`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  const kill = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  child.kill("SIGTERM");
  await exit;
  clearTimeout(kill);
}
