import { goodput, offeredLoad, recoveryS, worstAmplification } from "./figures.ts";
import type { Policy } from "./policies/policy.ts";
import type { Row } from "./result.ts";
import type { RunResult } from "./run-result.ts";
import type { Scenario } from "./scenarios/scenario.ts";

type Values = Record<string, number | null>;

/** One row of the table out of the runs of a policy, one for each seed. */
export function summarise(scenario: Scenario, policy: Policy, runs: readonly RunResult[]): Row {
  const values = runs.map((run) => figuresOf(run, scenario));
  const names = Object.keys(values[0] ?? {});
  return {
    policy: policy.name,
    description: policy.description,
    figures: Object.fromEntries(names.map((name) => [name, values.map((ofRun) => ofRun[name] ?? null)])),
    curves: {
      goodput: meanBySecond(runs, ({ good, requests }, s) => (requests[s] ? good[s]! / requests[s]! : 1)),
      sent: meanBySecond(runs, ({ sent }, s) => sent[s] ?? 0),
    },
  };
}

function figuresOf(run: RunResult, { phases }: Scenario): Values {
  const values: Values = { amplification: rounded(worstAmplification(run)) };
  for (const [index, phase] of phases.entries()) {
    const { p50Ms, p99Ms } = run.phases[index]!;
    values[`goodput ${phase.name}`] = rounded(goodput(run, phase));
    values[`load ${phase.name}`] = rounded(offeredLoad(run, phase));
    values[`p50 ${phase.name}`] = rounded(p50Ms);
    values[`p99 ${phase.name}`] = rounded(p99Ms);
    if (phase.name === "after") values.recovery = recoveryS(run, phase) ?? null;
  }
  if (run.coldStart !== undefined) {
    const { peakProbes, lastAnswerAfterMs, sentAfterReady } = run.coldStart;
    values.probes = peakProbes;
    values.lastAnswer = rounded(lastAnswerAfterMs / 1_000);
    values.burst = rounded(burstShare(sentAfterReady));
  }
  return values;
}

/** The largest share of the attempts after readiness that fell into one tenth of a second. */
function burstShare(slices: readonly number[]): number {
  const total = slices.reduce((sum, count) => sum + count, 0);
  return total === 0 ? 0 : Math.max(...slices) / total;
}

function meanBySecond(
  runs: readonly RunResult[],
  value: (run: RunResult, second: number) => number,
): number[] {
  const seconds = runs[0]?.requests.length ?? 0;
  return Array.from({ length: seconds }, (_, second) =>
    rounded(runs.reduce((sum, run) => sum + value(run, second), 0) / runs.length),
  );
}

/** Four decimals: what is compared with goals is compared as it is shown and kept. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
