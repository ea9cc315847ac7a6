import type { Attempt } from "../lib/attempt.ts";
import { layer } from "../lib/layer.ts";
import { Admission } from "../lib/resilience/breaker/admission.ts";
import { Breaker, REFUSED } from "../lib/resilience/breaker/breaker.ts";
import { type BreakerSettings, resolveBreaker } from "../lib/resilience/breaker/breaker-settings.ts";
import { FleetView } from "../lib/resilience/breaker/fleet-view.ts";
import type { CircuitBreakerOptions } from "../lib/resilience/breaker/options.ts";
import { refuseAttempt } from "../lib/resilience/breaker/refuse-attempt.ts";
import { type Exhibition, PerTarget } from "../lib/resilience/per-target.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import { attemptOf, type TunableLayer } from "../lib/types.ts";

const IN_METRICS: Exhibition<Breaker> = {
  show: (recorder, breaker) => recorder.breakerCreated(breaker),
  hide: (recorder, breaker) => recorder.breakerRemoved(breaker),
};

/** A {@link circuitBreaker} layer, and the breakers behind it. */
export interface CircuitBreakerLayer extends TunableLayer<CircuitBreakerOptions> {
  /** The breakers of this layer, one per target that was called. */
  readonly breakers: Iterable<Breaker>;
  /** Forgets every breaker, so that no registry goes on showing those of a client that was closed, for good. */
  forgetAll(): void;
}

/**
 * Refuses attempts while their target is down, so that neither the target nor the caller pays for them.
 * Place it inside `retry` (each attempt counts) and outside signing (a refusal costs nothing).
 *
 * While a model is being loaded the refusal is a ModelNotReadyException, which `retry` may wait for; for any
 * other reason it is a CircuitOpenError, which nobody waits for.
 *
 * @throws {RangeError} for an option out of range
 */
export function circuitBreaker(
  options: CircuitBreakerOptions = {},
  seams: Partial<Seams> = {},
): CircuitBreakerLayer {
  const allSeams = { ...defaultSeams, ...seams };
  let settings = resolveBreaker(options, allSeams);
  const breakers = new PerTarget<Breaker>(settings.maxTargets, IN_METRICS, (evicted) => {
    evicted.gate.openFor("ready");
    fleet?.left(settings.key(evicted.target));
  });
  const fleet = fleetViewOf(settings, breakers);
  let told = fleet?.toldBy(settings) ?? settings;

  function breakerOf({ call, target }: Attempt): Breaker {
    const key = settings.key(target);
    const known = breakers.get(key);
    if (known !== undefined) return known;
    if (breakers.recorder === undefined && fleet !== undefined) call.recorder?.breakerStoreAdded(fleet);
    const breaker = breakers.add(key, new Breaker(target, told), call.recorder);
    fleet?.joined(key, breaker);
    return breaker;
  }

  const { name, applyToStack } = layer({ name: "circuitBreaker", step: "finalizeRequest" }, (next) => {
    return function circuitBreakerAttempt(args) {
      const attempt = attemptOf(args);
      const breaker = breakerOf(attempt);
      const { call } = args;
      // A split that meets a loading variant draws another one: there is nothing to wait for at the gate of that one.
      if (attempt.target === call.target) call.gate = breaker.gate;
      if (attempt.kind !== "hedge") call.breaker = breaker;
      const permit = breaker.admit();
      if (permit === REFUSED) throw refuseAttempt(breaker, attempt);
      attempt.onEnd(new Admission(breaker, permit));
      return next(args);
    };
  });
  return {
    name,
    applyToStack,
    breakers,
    prepare(changed) {
      const checked = resolveBreaker(changed, allSeams);
      if (checked.store !== settings.store || checked.storePollMs !== settings.storePollMs) {
        throw new TypeError("circuitBreaker.store and .storePollMs cannot be changed: make a new client");
      }
      return () => {
        settings = checked;
        told = fleet?.toldBy(checked) ?? checked;
        breakers.resize(checked.maxTargets);
        for (const breaker of breakers) breaker.retune(told);
        breakers.show(true);
      };
    },
    switchOff: () => breakers.show(false),
    forgetAll() {
      breakers.forgetAll();
      fleet?.stop();
      if (fleet !== undefined) breakers.recorder?.breakerStoreRemoved(fleet);
    },
  };
}

function fleetViewOf(settings: BreakerSettings, breakers: PerTarget<Breaker>): FleetView | undefined {
  const { store, storePollMs: pollMs, clock, random } = settings;
  if (store === undefined) return undefined;
  return new FleetView({ store, pollMs, clock, random, find: (key) => breakers.peek(key) });
}
