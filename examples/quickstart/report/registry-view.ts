import type { Registry } from "prom-client";

/** How often attempts at a variant ended in an outcome, as the client's own metrics have it. */
export interface OutcomeCount {
  /** `_none`: nothing was sent; `_unknown`: no answer said which variant it was. */
  readonly variant: string;
  readonly outcome: string;
  readonly count: number;
}

export interface BreakerTransition {
  readonly endpoint: string;
  readonly variant: string;
  readonly to: string;
  readonly count: number;
}

/** Attempts by variant and outcome, first tries and retries together. */
export async function readAttemptOutcomes(registry: Registry): Promise<OutcomeCount[]> {
  const counts = new Map<string, OutcomeCount>();
  for (const { labels, value } of await readSamples(registry, "sagemaker_client_attempts_total")) {
    const variant = String(labels.variant);
    const outcome = String(labels.outcome);
    const key = `${variant}\n${outcome}`;
    counts.set(key, { variant, outcome, count: (counts.get(key)?.count ?? 0) + value });
  }
  return [...counts.values()].filter(({ count }) => count > 0);
}

export async function readBreakerTransitions(registry: Registry): Promise<BreakerTransition[]> {
  const samples = await readSamples(registry, "sagemaker_client_breaker_transitions_total");
  return samples
    .filter(({ value }) => value > 0)
    .map(({ labels, value }) => ({
      endpoint: String(labels.endpoint),
      variant: String(labels.variant),
      to: String(labels.to),
      count: value,
    }));
}

interface Sample {
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly value: number;
}

/** None where the registry has no metric of that name: a layer that is off publishes nothing. */
async function readSamples(registry: Registry, name: string): Promise<readonly Sample[]> {
  const metrics = await registry.getMetricsAsJSON();
  return metrics.find((metric) => metric.name === name)?.values ?? [];
}
