import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import type { HedgeOptions } from "../../lib/resilience/options.ts";
import { type ScriptedClient, scriptedClient } from "./scripted-client.ts";

/** How long the target of {@link hedgedClient} takes to answer, in milliseconds. */
export const USUAL_MS = 20;

/** Longer than that, by more than the error of the quantile. */
export const SLOW_MS = 25;

export const USUAL = { afterMs: USUAL_MS, answer: 200 } as const;

/** Attempts that {@link hedgedClient} has made; it has all hedges then that may be stored. */
export const LEARNT = 20;

/** A client that has learnt how fast its target is, and may hedge the next calls. */
export async function hedgedClient({
  hedge,
  ...config
}: Omit<SageMakerRuntimeClientConfig, "hedge"> & { hedge?: HedgeOptions } = {}): Promise<ScriptedClient> {
  const test = scriptedClient([USUAL], {
    hedge: { minimumSamples: LEARNT, maxExtraLoad: 0.25, quantile: 0.9, ...hedge },
    ...config,
  });
  await learn(test);
  return test;
}

/** As many calls as it takes to know a target. */
export async function learn({ call, clock }: ScriptedClient, input?: Parameters<ScriptedClient["call"]>[0]) {
  for (let i = 0; i < LEARNT; i++) {
    const pending = call(input);
    await clock.advance(USUAL_MS);
    await pending;
  }
}
