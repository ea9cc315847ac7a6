import type { Target } from "../client.ts";
import { answerTask } from "./answer-task.ts";

// Before anything else is loaded: until here it is Node's own start.
const STARTED_MS = performance.now();
const STARTED_CPU = process.cpuUsage();

export interface ImportInput {
  /** What to import; it exports a `SageMakerRuntimeClient`. */
  readonly specifier: string;
  readonly target: Target;
}

export interface ImportSample {
  /** From the start of the process to its first line. */
  readonly nodeMs: number;
  readonly nodeCpuMs: number;
  /** From there to the first client. */
  readonly importMs: number;
  readonly importCpuMs: number;
}

await answerTask(measureImport);

async function measureImport({ specifier, target }: ImportInput): Promise<ImportSample> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const { SageMakerRuntimeClient } = (await import(specifier)) as typeof import("holdfast");
  const { region, credentials, origin } = target;
  new SageMakerRuntimeClient({ region, credentials, endpoint: origin });
  const cpu = process.cpuUsage(cpuBefore);
  const importMs = performance.now() - startedAt;
  return {
    nodeMs: STARTED_MS,
    nodeCpuMs: (STARTED_CPU.user + STARTED_CPU.system) / 1_000,
    importMs,
    importCpuMs: (cpu.user + cpu.system) / 1_000,
  };
}
