import type { VirtualTime } from "../engine/virtual-time.ts";
import type { Answer } from "./request.ts";

/** How long the service takes to say that a model is not ready, in milliseconds. */
const NOT_READY_AFTER_MS = 20;

/** The models of a multi-model endpoint, which are loaded when they are first asked for. */
export class Models {
  readonly #time: VirtualTime;
  readonly #loadMs: number;
  /** Virtual time at which each model is ready. */
  readonly #readyAt = new Map<string, number>();
  /** Processes that were told, by model: from then on they know. */
  readonly #told = new Set<string>();
  readonly #probing = new Map<string, number>();
  /** The most attempts that one process had in flight to one model that it knew to be loading. */
  peakProbes = 0;

  constructor(time: VirtualTime, loadMs: number) {
    this.#time = time;
    this.#loadMs = loadMs;
  }

  /** When the last of the models that were asked for is ready. */
  get allReadyAt(): number {
    return Math.max(0, ...this.#readyAt.values());
  }

  isReady(process: number, model: string): boolean {
    const readyAt = this.#readyAt.get(model);
    if (readyAt === undefined) this.#readyAt.set(model, this.#time.now() + this.#loadMs);
    else if (readyAt <= this.#time.now()) return true;
    const key = `${process} ${model}`;
    if (this.#told.has(key)) this.#addProbes(key, 1);
    return false;
  }

  answerNotReady(process: number, model: string, answer: (answer: Answer) => void): void {
    const key = `${process} ${model}`;
    const wasTold = this.#told.has(key);
    const say = (): void => {
      this.#told.add(key);
      if (wasTold) this.#addProbes(key, -1);
      answer({ kind: "answered", status: 429, code: "ModelNotReadyException" });
    };
    this.#time.setTimeout(say, NOT_READY_AFTER_MS, undefined);
  }

  #addProbes(key: string, change: number): void {
    const probes = (this.#probing.get(key) ?? 0) + change;
    this.#probing.set(key, probes);
    this.peakProbes = Math.max(this.peakProbes, probes);
  }
}
