import { getEventListeners } from "node:events";
import fc from "fast-check";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { type ScriptedClient, scriptedClient } from "./scripted-client.ts";
import type { ScriptedAnswer } from "./scripted-dispatcher.ts";

export const LIMIT = 3;
export const BUDGET_RATIO = 0.5;

/** Far longer than any deadline: whoever has not settled by then never will. */
const FOREVER_MS = 200_000;

/** Short beside the timers of calls: one that outlives its call still runs when the last call has settled. */
export const STEP_MS = 50;

const played = fc.oneof(
  { weight: 6, arbitrary: fc.constant(200) },
  { weight: 5, arbitrary: fc.constantFrom(503, 500, 424, 400, 429) },
  { weight: 1, arbitrary: fc.constantFrom({ resets: "headers" } as const, { resets: "body" } as const) },
);

const answer: fc.Arbitrary<ScriptedAnswer> = fc.oneof(
  { weight: 4, arbitrary: played },
  { weight: 5, arbitrary: fc.record({ afterMs: fc.integer({ min: 1, max: 400 }), answer: played }) },
  { weight: 1, arbitrary: fc.constant("silence" as const) },
);

/** One call of a class, and whether its caller gives up, which may come before it starts. */
const call = fc.record({
  reads: fc.constantFrom("whole", "stream", "first part"),
  priority: fc.constantFrom("critical", "standard", "sheddable"),
  callTimeoutMs: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 5, max: 2_000 }) },
    { weight: 1, arbitrary: fc.constant(60_000) },
  ),
  isAborted: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});
type PlannedCall = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** What is to happen. In which order is for a scheduler to say. */
export interface Scenario {
  readonly script: readonly ScriptedAnswer[];
  readonly calls: readonly PlannedCall[];
  readonly pausesMs: readonly number[];
}

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  script: fc.array(answer, { minLength: 5, maxLength: 40 }),
  calls: fc.array(call, { minLength: 4, maxLength: 20 }),
  pausesMs: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 10, maxLength: 40 }),
});

/** When attempts of a call started, and how the call ended. */
interface Trace {
  readonly call: PlannedCall;
  readonly signal: AbortSignal;
  startedAt: number;
  abortedAt: number;
  attemptsAt: number[];
  /** Whether it was answered; a stream may break after that. */
  isAnswered: boolean;
  ends: string[];
  endedAt: number;
}

/** A client with every layer, its calls, and what became of them. */
export class ComposedRun {
  readonly test: ScriptedClient;
  readonly traces: Trace[] = [];
  readonly #stepsBack: boolean;

  /** @param stepsBack whether the wall clock is set back at every pause */
  constructor({ script }: Scenario, stepsBack = false) {
    this.#stepsBack = stepsBack;
    this.test = scriptedClient([...script, 200], {
      retry: { budget: { minPerSecond: 0, ratio: BUDGET_RATIO }, warmUp: { maxWaitMs: 1_000 } },
      hedge: { minimumSamples: 3, quantile: 0.6, maxExtraLoad: 0.2 },
      circuitBreaker: { breaker: { minimumThroughput: 3 }, halfOpenAfterMs: 300, recoveryRampMs: 200 },
      concurrencyLimit: { algorithm: "fixed", initial: LIMIT, maxQueue: 2, queueTimeoutMs: 30_000 },
      timeouts: { attemptMs: 20_000 },
    });
    this.#watchAttempts();
  }

  /** Calls, aborts and time, each in its own order, interleaved as the scheduler says. */
  async play({ calls, pausesMs }: Scenario, scheduler?: fc.Scheduler): Promise<this> {
    const lanes = calls.map((one) => this.#lane(one));
    lanes.push(pausesMs.map((ms) => ({ label: `${ms} ms`, builder: () => this.#pass(ms) })));
    if (scheduler === undefined) await inTurns(lanes);
    else {
      for (const lane of lanes) scheduler.scheduleSequence(lane);
      await scheduler.waitIdle();
    }
    await this.#untilAllSettle();
    return this;
  }

  listenersLeft(): number {
    return this.traces.reduce((sum, { signal }) => sum + getEventListeners(signal, "abort").length, 0);
  }

  /** Everything that a caller or an operator could see of it, but for dates. */
  async seen(): Promise<string> {
    const { client, network, registry } = this.test;
    const states = [...client.breakers].map(({ state, transitions }) => [state, transitions]);
    const traces = this.traces.map(({ startedAt, attemptsAt, ends }) => [startedAt, attemptsAt, ends]);
    return JSON.stringify([traces, states, network.requests.length, await registry.getMetricsAsJSON()]);
  }

  async #untilAllSettle(): Promise<void> {
    const { clock } = this.test;
    const isWaiting = () => this.traces.some(({ ends }) => ends.length === 0);
    while (isWaiting() && clock.now() < FOREVER_MS) await clock.advance(STEP_MS);
  }

  #lane(one: PlannedCall): Step[] {
    const controller = new AbortController();
    const trace: Trace = {
      call: one,
      signal: controller.signal,
      startedAt: Number.NaN,
      abortedAt: Number.POSITIVE_INFINITY,
      attemptsAt: [],
      isAnswered: false,
      ends: [],
      endedAt: Number.NaN,
    };
    const id = this.traces.push(trace) - 1;
    const start = { label: `call ${id}`, builder: async () => this.#start(trace, id) };
    const abort = {
      label: `abort ${id}`,
      builder: async () => {
        trace.abortedAt = this.test.clock.now();
        controller.abort();
      },
    };
    return one.isAborted ? [start, abort] : [start];
  }

  #start(trace: Trace, id: number): void {
    trace.startedAt = this.test.clock.now();
    const end = (what: string) => {
      trace.ends.push(what);
      trace.endedAt = this.test.clock.now();
    };
    this.#send(trace, id).then(
      () => end("ok"),
      (error: Error) => end(error.name),
    );
  }

  async #send(trace: Trace, id: number): Promise<void> {
    const { reads, callTimeoutMs, priority } = trace.call;
    const input = { EndpointName: "churn", Body: "1,2", InferenceId: String(id) };
    const options = { abortSignal: trace.signal, callTimeoutMs, priority };
    if (reads === "whole") {
      const { error } = await this.test.call(input, options);
      if (error !== undefined) throw error;
      trace.isAnswered = true;
      return;
    }
    const command = new InvokeEndpointWithResponseStreamCommand(input);
    const { Body } = await this.test.client.send(command, options);
    trace.isAnswered = true;
    if (reads === "stream") await Body.text();
    else for await (const _ of Body) break;
  }

  async #pass(ms: number): Promise<void> {
    if (this.#stepsBack) this.test.clock.stepEpoch(-3_600_000);
    await this.test.clock.advance(ms);
  }

  /** Where an attempt has its permits and is about to be signed and sent. */
  #watchAttempts(): void {
    const watch = layer({ name: "watch", relation: "after", toMiddleware: "concurrencyLimit" }, (next) => {
      return (args) => {
        const { InferenceId } = args.input as { InferenceId: string };
        this.traces[Number(InferenceId)]!.attemptsAt.push(this.test.clock.now());
        return next(args);
      };
    });
    this.test.client.middlewareStack.use(watch);
  }
}

interface Step {
  readonly label: string;
  readonly builder: () => Promise<void>;
}

/** One step of each, then the next one of each: the same order every time. */
async function inTurns(lanes: readonly Step[][]): Promise<void> {
  for (let turn = 0; lanes.some((lane) => turn < lane.length); turn++) {
    for (const lane of lanes) await lane[turn]?.builder();
  }
}
