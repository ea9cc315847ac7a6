import type { Attempt } from "../lib/attempt.ts";
import { sleep } from "../lib/cancellation.ts";
import { attemptCancellationError } from "../lib/errors/cancellation-error.ts";
import { layer } from "../lib/layer.ts";
import { chaosAnswer } from "../lib/resilience/chaos/answers.ts";
import type { ChaosFault, ChaosLatency, ChaosOptions, ChaosRule } from "../lib/resilience/chaos/options.ts";
import { isFor, resolveChaos } from "../lib/resilience/chaos/settings.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import { attemptOf, type CallResult, type TunableLayer } from "../lib/types.ts";

/**
 * Makes attempts slow, breaks them, or answers them with an error of the service, by rate and by target: to see
 * in a test or a drill what the layers above make of it. Place it innermost. What it injects passes every
 * layer as if it had come from the network, and is counted as such.
 *
 * @throws {RangeError} for an option out of range, and under `NODE_ENV=production` unless that is allowed
 */
export function chaos(
  options: ChaosOptions,
  seams: Partial<Pick<Seams, "random">> = {},
): TunableLayer<ChaosOptions> {
  let inForce = resolveChaos(options, process.env.NODE_ENV);
  const { random } = { ...defaultSeams, ...seams };

  const { name, applyToStack } = layer({ name: "chaos", step: "deserialize", priority: "low" }, (next) => {
    const rules = inForce;
    return async function chaosAttempt(args) {
      const attempt = attemptOf(args);
      for (const rule of rules) {
        if (!isFor(rule, attempt.target) || random() >= rule.rate) continue;
        if (rule.inject !== "latency") return inject(rule, attempt);
        await delay(attempt, latencyOf(rule, random()));
      }
      return next(args);
    };
  });
  return {
    name,
    applyToStack,
    prepare(changed) {
      const checked = resolveChaos(changed, process.env.NODE_ENV);
      return () => {
        inForce = checked;
      };
    },
  };
}

function inject(rule: Exclude<ChaosRule, ChaosLatency>, attempt: Attempt): CallResult {
  if (rule.inject === "fault") throw brokenConnection(rule, attempt);
  const response = chaosAnswer(rule.outcome);
  attempt.sent = true;
  attempt.answered(response.statusCode, response.headers);
  return { response, output: undefined };
}

/** In the shape that Node gives such errors, for `errorMapper` to make the typed one of. */
function brokenConnection({ fault = "reset" }: ChaosFault, attempt: Attempt): Error {
  if (fault === "reset") attempt.sent = true;
  const code = fault === "connect" ? "ECONNREFUSED" : "ECONNRESET";
  return Object.assign(new Error(`${code} injected by the chaos layer`), { code });
}

/** Meanwhile the request counts as sent, so that timeouts and hedges take the wait for the service's. */
async function delay(attempt: Attempt, latencyMs: number): Promise<void> {
  const { clock } = attempt.call;
  attempt.sent = true;
  attempt.lastByteAt = clock.now();
  await sleep(clock, latencyMs, attempt);
  if (attempt.cancelled !== undefined) throw attemptCancellationError(attempt);
  attempt.sent = false;
}

function latencyOf({ latencyMs }: ChaosLatency, share: number): number {
  if (typeof latencyMs === "number") return latencyMs;
  const [least, most] = latencyMs;
  return least + share * (most - least);
}
