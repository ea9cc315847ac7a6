import { SageMakerRuntimeClient } from "holdfast";
import type { Registry } from "prom-client";

/** What the client is made for. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly registry: Registry;
  /** Leaves out what keeps a call alive: one attempt is made, and its error is the caller's. */
  readonly bare: boolean;
}

/** The client as a backend would make it: a bound of the whole call, layers to its load, a registry. */
export function createClient({ endpoint, registry, bare }: ClientOptions): SageMakerRuntimeClient {
  return new SageMakerRuntimeClient({
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    callTimeoutMs: 30_000,
    metrics: { registry },
    ...(bare ? BARE : PATIENT),
  });
}

const PATIENT = {
  // One attempt in 18 fails. Three attempts, the default, would lose one call in 6,000; six, one in 36 million.
  maxAttempts: 6,
  // Retries are paid for by successes, and a run that has only just begun has none: 50 of them go ahead.
  retry: { budget: { minPerSecond: 5 } },
} as const;

const BARE = { retry: false, circuitBreaker: false } as const;
