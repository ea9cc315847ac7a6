import { Attempt } from "../../lib/attempt.ts";
import { Call } from "../../lib/call.ts";
import { ServiceUnavailable, ValidationError } from "../../lib/errors/service-errors.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { EndpointSplit } from "../../lib/resilience/split/endpoint-split.ts";
import type { SplitOptions } from "../../lib/resilience/split/options.ts";
import { resolveSplit } from "../../lib/resilience/split/settings.ts";
import type { SplitVariant } from "../../lib/resilience/split/split-variant.ts";
import { resolveSendOptions } from "../../lib/send-options.ts";
import { targetOf } from "../../lib/target.ts";
import { FakeClock } from "./fake-clock.ts";

const target = targetOf({ EndpointName: "churn" });
const options = { $metadata: {} };

/** How an attempt ends: it answers, it fails, or it fails by the caller's fault. */
export type End = "answered" | "failed" | "refused input";

const ERRORS = {
  answered: undefined,
  failed: new ServiceUnavailable(options),
  "refused input": new ValidationError(options),
} as const satisfies Record<End, Error | undefined>;

/** The split of the first endpoint that has weights. */
export function splitOf(
  weights: SplitOptions["weights"],
  rest: Partial<SplitOptions> = {},
  clock = new FakeClock(),
  random: () => number = () => 0.5,
): EndpointSplit {
  return new EndpointSplit(Object.keys(weights)[0]!, resolveSplit({ weights, ...rest }, { clock, random }));
}

/** A split on a fake clock, and attempts that end as they are told to. */
export class SplitHarness {
  readonly clock = new FakeClock();
  readonly split: EndpointSplit;
  readonly call: Call;

  constructor(
    weights: Readonly<Record<string, number>>,
    rest: Partial<SplitOptions> = {},
    random: () => number = () => 0.5,
  ) {
    this.split = splitOf({ churn: weights }, rest, this.clock, random);
    this.call = new Call(invokeEndpoint, target, true, resolveSendOptions(undefined), this.clock);
  }

  variant(name: string): SplitVariant {
    return this.split.variants.find((variant) => variant.name === name)!;
  }

  /** Starts an attempt at a variant, to be ended with {@link end}. */
  start(name: string): Attempt {
    return new Attempt(this.call, 1, "first", this.variant(name).target);
  }

  /** Starts an attempt at a variant whose stream begins; as calls do, it says so twice. */
  stream(name: string): Attempt {
    const attempt = this.start(name);
    for (let times = 0; times < 2; times++) this.split.streamBegan(attempt);
    return attempt;
  }

  end(attempt: Attempt, end: End): void {
    attempt.end(ERRORS[end]);
    this.split.attemptEnded(attempt);
  }

  /** Attempts at a variant, one after the other. */
  run(name: string, end: End, count = 1): void {
    for (let i = 0; i < count; i++) this.end(this.start(name), end);
  }

  /** How often each variant is chosen in so many choices. */
  choices(count: number): Record<string, number> {
    const counts: Record<string, number> = Object.fromEntries(
      this.split.variants.map(({ name }) => [name, 0]),
    );
    for (let i = 0; i < count; i++) counts[this.split.choose(this.clock.now()).name]! += 1;
    return counts;
  }

  share(name: string): number {
    return this.split.shareOf(name);
  }
}
