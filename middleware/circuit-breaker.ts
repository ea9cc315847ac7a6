import type { Attempt, AttemptListener } from "../lib/attempt.ts";
import type { Call } from "../lib/call.ts";
import type { Classification } from "../lib/classify-table.ts";
import { ModelNotReadyException } from "../lib/errors/service-errors.ts";
import { layer } from "../lib/layer.ts";
import type { Recorder } from "../lib/recorder.ts";
import { Breaker, REFUSED } from "../lib/resilience/breaker/breaker.ts";
import { type BreakerSettings, resolveBreaker } from "../lib/resilience/breaker/breaker-settings.ts";
import type { Verdict } from "../lib/resilience/breaker/breaker-state.ts";
import { FleetView } from "../lib/resilience/breaker/fleet-view.ts";
import type { CircuitBreakerOptions } from "../lib/resilience/breaker/options.ts";
import { Keyed } from "../lib/resilience/keyed.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import { attemptOf, type TunableLayer } from "../lib/types.ts";

/** How long timeouts are left to a limiter that paces, in milliseconds: some attempts with a timeout of 5 s or less. */
const LIMITERS_TURN_MS = 30_000;

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
  let recorder: Recorder | undefined;
  let isShown = true;
  const breakers = new Keyed<Breaker>(settings.maxTargets, (evicted) => {
    evicted.gate.openFor("ready");
    fleet?.left(settings.key(evicted.target));
    recorder?.breakerRemoved(evicted);
  });
  const fleet = fleetViewOf(settings, breakers);
  let told = fleet === undefined ? settings : toldBy(settings, fleet);

  function breakerOf({ call, target }: Attempt): Breaker {
    const key = settings.key(target);
    const known = breakers.get(key);
    if (known !== undefined) return known;
    const breaker = new Breaker(target, told);
    if (recorder === undefined && fleet !== undefined) call.recorder?.breakerStoreAdded(fleet);
    recorder = call.recorder;
    if (isShown) recorder?.breakerCreated(breaker);
    breakers.add(key, breaker);
    fleet?.joined(key, breaker);
    return breaker;
  }

  function show(shouldShow: boolean): void {
    if (shouldShow === isShown) return;
    isShown = shouldShow;
    for (const breaker of breakers) {
      if (isShown) recorder?.breakerCreated(breaker);
      else recorder?.breakerRemoved(breaker);
    }
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
      if (permit === REFUSED) throw refusalOf(breaker, attempt);
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
        told = fleet === undefined ? checked : toldBy(checked, fleet);
        breakers.resize(checked.maxTargets);
        for (const breaker of breakers) breaker.retune(told);
        show(true);
      };
    },
    switchOff: () => show(false),
    forgetAll() {
      breakers.clear();
      // Nor what is made yet, by a call that a layer outside has held up.
      isShown = false;
      fleet?.stop();
      if (fleet !== undefined) recorder?.breakerStoreRemoved(fleet);
    },
  };
}

function fleetViewOf(settings: BreakerSettings, breakers: Keyed<Breaker>): FleetView | undefined {
  const { store, storePollMs: pollMs, clock, random } = settings;
  if (store === undefined) return undefined;
  return new FleetView({ store, pollMs, clock, random, find: (key) => breakers.peek(key) });
}

/** Settings of breakers that tell the other processes what becomes of them. */
function toldBy(settings: BreakerSettings, fleet: FleetView): BreakerSettings {
  return {
    ...settings,
    onStateChange(transition) {
      fleet.transitioned(settings.key(transition.target), transition);
      settings.onStateChange?.(transition);
    },
  };
}

/** An attempt that a breaker admitted, and is told of the end of. */
class Admission implements AttemptListener {
  readonly #breaker: Breaker;
  readonly #permit: number;
  #state: "unanswered" | "streaming" | "settled" = "unanswered";

  constructor(breaker: Breaker, permit: number) {
    this.#breaker = breaker;
    this.#permit = permit;
  }

  /** A stream says how it went at its end, and at its head how slow. While probing its head is enough: others wait for it. */
  streamBegan({ headersAt, admittedAt }: Attempt): void {
    if (this.#state !== "unanswered") return;
    if (this.#breaker.state !== "closed") {
      this.#settle("success", headersAt - admittedAt);
      return;
    }
    this.#state = "streaming";
    this.#breaker.streamBegan(this.#permit, headersAt - admittedAt);
  }

  /**
   * From its permit on: waiting for one says nothing about how slow the target is. Nor does a stream that takes
   * long to be read: it answered with its head.
   */
  attemptEnded({ endedAt, headersAt, admittedAt, stream, classification, call }: Attempt): void {
    if (this.#state === "settled" || classification === undefined) return;
    const answeredAt = stream === undefined ? endedAt : headersAt;
    if (isInHand(call, classification)) this.#settle("ignored", 0);
    else this.#settle(classification.breaker, answeredAt - admittedAt);
  }

  #settle(verdict: Verdict, durationMs: number): void {
    const wasStreaming = this.#state === "streaming";
    this.#state = "settled";
    this.#breaker.settle(this.#permit, verdict, durationMs, wasStreaming);
  }
}

/**
 * Whether the limiter does already what an open breaker would: one attempt at a time asks an overloaded target. It lets
 * the others wait instead of refusing them, so that they are there when the target is. Only where that goes on for long
 * is the target down.
 */
function isInHand({ limiter }: Call, { breaker }: Classification): boolean {
  const pacingForMs = limiter?.pacingForMs;
  return breaker === "timeout" && pacingForMs !== undefined && pacingForMs < LIMITERS_TURN_MS;
}

function refusalOf(breaker: Breaker, attempt: Attempt): Error {
  attempt.isRefused = true;
  attempt.call.withdraw(attempt);
  const refusal = breaker.refusal();
  if (refusal.openCause !== "notReady") return refusal;
  const message = `The model of ${refusal.endpoint} is being loaded; nothing was sent`;
  const error = new ModelNotReadyException({ message, $metadata: {} });
  error.cause = refusal;
  return error;
}
