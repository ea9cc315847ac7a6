import type { Distribution } from "../engine/distributions.ts";
import type { RandomStreams } from "../engine/random-streams.ts";
import type { VirtualTime } from "../engine/virtual-time.ts";
import { Models } from "./models.ts";
import type { Answer, SentRequest } from "./request.ts";
import { Station } from "./station.ts";

/** One way there, in milliseconds: a network within a region. */
const NETWORK_MS = 1;

export interface VariantSpec {
  readonly name: string;
  /** Its share of the calls that name no variant, in proportion to the other variants'. */
  readonly weight: number;
  readonly workers: number;
}

export interface EndpointSpec {
  readonly variants: readonly VariantSpec[];
  readonly serviceMs: Distribution;
  /** How long a model takes to load that is asked for the first time, in milliseconds. @default models are there */
  readonly modelLoadMs?: number;
}

/** A production variant: its station, and what is wrong with it. */
export class Variant {
  readonly name: string;
  readonly weight: number;
  readonly station: Station;
  /** Share of the calls that it answers with an error of the service, at once. */
  errorShare = 0;

  constructor({ name, weight, workers }: VariantSpec, time: VirtualTime) {
    this.name = name;
    this.weight = weight;
    this.station = new Station(time, workers);
  }
}

/** An attempt, for whoever watches: which process made it, and when it arrived. */
export interface Sighting {
  readonly process: number;
  readonly request: number;
  readonly at: number;
}

/** An endpoint behind a network, as many processes meet it. It knows nothing of callers that gave up. */
export class Endpoint {
  readonly variants: readonly Variant[];
  /** Share of the attempts that get lost on the way: half of them before the model ran, half of them after. */
  lossShare = 0;
  readonly models: Models | undefined;
  readonly #time: VirtualTime;
  readonly #streams: RandomStreams;
  readonly #serviceMs: Distribution;
  /** Attempts made so far for each request, by its id. */
  readonly #attempts = new Map<number, number>();

  constructor(spec: EndpointSpec, time: VirtualTime, streams: RandomStreams) {
    this.variants = spec.variants.map((variant) => new Variant(variant, time));
    this.models = spec.modelLoadMs === undefined ? undefined : new Models(time, spec.modelLoadMs);
    this.#time = time;
    this.#streams = streams;
    this.#serviceMs = spec.serviceMs;
  }

  /** Attempts that arrived for a request. */
  attemptsOf(request: number): number {
    return this.#attempts.get(request) ?? 0;
  }

  receive(
    process: number,
    request: SentRequest,
    variant: string | undefined,
    onAnswer: (answer: Answer) => void,
  ): void {
    const number = this.attemptsOf(request.id);
    this.#attempts.set(request.id, number + 1);
    const random = this.#streams.attempt(request.id, number);
    const fate = random();
    const isLost = fate < this.lossShare;
    const chosen = this.#choose(variant, random());
    const fails = random() < chosen.errorShare;
    const serviceMs = this.#serviceMs(random);
    const answer = (result: Answer): void => {
      if (!isLost) this.#time.setTimeout(onAnswer, NETWORK_MS, result);
    };
    const arrive = (): void => {
      if (isLost && fate < this.lossShare / 2) return;
      if (!chosen.station.isUp) {
        answer({ kind: "refused" });
      } else if (request.model !== undefined && this.models?.isReady(process, request.model) === false) {
        this.models.answerNotReady(process, request.model, answer);
      } else if (fails) {
        answer({ kind: "answered", status: 500, code: "InternalFailure", variant: chosen.name });
      } else {
        this.#work(chosen, serviceMs, answer);
      }
    };
    this.#time.setTimeout(arrive, NETWORK_MS, undefined);
  }

  #work({ station, name }: Variant, serviceMs: number, answer: (result: Answer) => void): void {
    const onEnd = (isDone: boolean): void =>
      answer(isDone ? { kind: "answered", status: 200, variant: name } : { kind: "reset" });
    station.submit({ serviceMs, onEnd });
  }

  #choose(name: string | undefined, lot: number): Variant {
    const named = this.variants.find((variant) => variant.name === name);
    if (named !== undefined) return named;
    const total = this.variants.reduce((sum, { weight }) => sum + weight, 0);
    let left = lot * total;
    for (const variant of this.variants) {
      left -= variant.weight;
      if (left < 0) return variant;
    }
    return this.variants.at(-1)!;
  }
}
