import type { Target } from "../client.ts";
import type { Plan, Work } from "../work.ts";

/** What one measuring process is told. */
export interface Task {
  /** URL of the client's file. */
  readonly clientUrl: string;
  readonly target: Target;
  readonly work: Work;
  readonly concurrencies: readonly number[];
  readonly plan: Plan;
}

/** One window of load. */
export interface WindowSample {
  readonly concurrency: number;
  readonly calls: number;
  readonly wallMs: number;
  /** CPU time of the whole process in the window: JavaScript, compiler, collector and kernel work. */
  readonly userCpuUs: number;
  readonly systemCpuUs: number;
  readonly p50Us: number;
}

/** What one measuring process found. */
export interface ClientSample {
  readonly windows: readonly WindowSample[];
  /** Bytes that one call allocates on the JavaScript heap, at the first of the concurrencies. */
  readonly heapBytesPerCall: number;
  /** All calls that were made, warm-up included: the load server must have seen as many. */
  readonly calls: number;
}

/** What a measuring process sends to the suite, once. */
export type TaskMessage = { readonly sample: ClientSample } | { readonly error: string };
