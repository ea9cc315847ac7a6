import { SageMakerRuntimeClient, type SageMakerRuntimeClientConfig, TimeWindowBreaker } from "holdfast";
import type { Registry } from "prom-client";

/** What the client is made for. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly registry: Registry;
  /** Calls under way at a time. */
  readonly concurrency: number;
  /** Leaves out what keeps a call alive: one attempt is made, and its error is the caller's. */
  readonly bare: boolean;
}

/** The client as a backend would make it: a bound of the whole call, layers to its load, a registry. */
export function createClient({
  endpoint,
  registry,
  concurrency,
  bare,
}: ClientOptions): SageMakerRuntimeClient {
  return new SageMakerRuntimeClient({
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    callTimeoutMs: 30_000,
    metrics: { registry },
    ...(bare ? BARE : layersFor(concurrency)),
  });
}

const BARE = { retry: false, circuitBreaker: false } as const;

function layersFor(concurrency: number): SageMakerRuntimeClientConfig {
  // Failures are answered before successes are. A breaker that may decide on fewer answers than are under way
  // would decide on the failures alone, at the start and after each pause.
  const minimumThroughput = Math.max(20, 4 * concurrency);
  return {
    // One attempt in 18 fails. Three attempts, the default, would lose one call in 6,000; six, one in 36 million.
    maxAttempts: 6,
    circuitBreaker: { breaker: () => new TimeWindowBreaker({ minimumThroughput }) },
  };
}
