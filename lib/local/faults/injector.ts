import type { Clock } from "../../clock.ts";
import { derivedRandom } from "../seeded-random.ts";
import { drawLatencyMs } from "./latency.ts";
import { FaultMatcher, type FaultTarget } from "./match.ts";
import type { CloseKeepAliveFault, Fault, FaultScript, NotReadyFault, StatusFault } from "./script.ts";

/** Where an answer is cut, and how. `afterBytes` undefined: half of what is written first. */
export interface AnswerCut {
  readonly how: "reset" | "stall" | "truncate";
  readonly afterBytes: number | undefined;
}

/** All that the script wants for one request. */
export interface FaultPlan {
  delayMs: number;
  /** Answered, or not, in place of what the request asks for. */
  ending: StatusFault | NotReadyFault | { readonly type: "reset" | "stall" } | undefined;
  cut: AnswerCut | undefined;
  bytesPerSecond: number | undefined;
  closeKeepAlive: CloseKeepAliveFault["when"] | undefined;
}

/** Runs one fault script from the moment it is made. */
export class FaultInjector {
  #clock: Clock;
  #startedAt: number;
  #rules: { readonly fault: Fault; readonly matcher: FaultMatcher; readonly random: () => number }[];

  constructor(script: FaultScript, seed: number, clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#rules = script.rules.map(({ match = {}, fault }, index) => {
      const random = derivedRandom(seed, index);
      return { fault, random, matcher: new FaultMatcher(match, random) };
    });
  }

  /** How often each rule was applied. */
  get hits(): number[] {
    return this.#rules.map(({ matcher }) => matcher.hits);
  }

  /** What happens to one request. Asked once per request, in the order of arrival. */
  plan(target: FaultTarget): FaultPlan {
    const plan: FaultPlan = {
      delayMs: 0,
      ending: undefined,
      cut: undefined,
      bytesPerSecond: undefined,
      closeKeepAlive: undefined,
    };
    const elapsedMs = this.#clock.now() - this.#startedAt;
    for (const { fault, matcher, random } of this.#rules) {
      if (matcher.hit(target, elapsedMs)) addToPlan(plan, fault, random);
      if (plan.ending !== undefined) break;
    }
    return plan;
  }
}

function addToPlan(plan: FaultPlan, fault: Fault, random: () => number): void {
  switch (fault.type) {
    case "latency":
      plan.delayMs += drawLatencyMs(fault, random);
      return;
    case "slowBytes":
      plan.bytesPerSecond = Math.min(plan.bytesPerSecond ?? fault.bytesPerSecond, fault.bytesPerSecond);
      return;
    case "closeKeepAlive":
      plan.closeKeepAlive ??= fault.when ?? "nextRequest";
      return;
    case "truncate":
      plan.cut ??= { how: "truncate", afterBytes: fault.afterBytes };
      return;
    case "reset":
    case "stall":
      if (fault.afterBytes === undefined) plan.ending = { type: fault.type };
      else plan.cut ??= { how: fault.type, afterBytes: fault.afterBytes };
      return;
    case "status":
    case "notReady":
      plan.ending = fault;
  }
}
