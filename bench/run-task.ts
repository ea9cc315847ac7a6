import type { TaskMessage } from "./child/answer-task.ts";
import { Child } from "./child-process.ts";
import { BenchError } from "./errors.ts";

/** One measuring process. */
export interface Task {
  /** For errors: the client that it measures. */
  readonly name: string;
  /** What it runs: a name in `bench/child/`, without the suffix. */
  readonly program: string;
  /** Passed as JSON. */
  readonly input: object;
  /** How long its measuring takes as planned, in milliseconds: it is ended when it takes far longer. */
  readonly plannedMs: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starting, loading packages and warming up: on a busy machine a process may need that long beside its windows. */
const PATIENCE_MS = 60_000;
const PATIENCE_FACTOR = 10;

/**
 * Runs a task of the compiled bench in a fresh process and returns its sample.
 *
 * @throws {BenchError} where it fails, ends early or hangs
 */
export async function runTask<Sample>(build: URL, task: Task): Promise<Sample> {
  const child = new Child<TaskMessage<Sample>>(task.name, new URL(`child/${task.program}.js`, build), {
    input: task.input,
    nodeOptions: ["--expose-gc"],
    timeoutMs: PATIENCE_MS + PATIENCE_FACTOR * task.plannedMs,
    ...(task.environment && { environment: task.environment }),
  });
  try {
    const message = await child.next();
    if ("error" in message) throw new BenchError(`${task.name} failed: ${message.error}`);
    return message.sample;
  } finally {
    await child.end();
  }
}
