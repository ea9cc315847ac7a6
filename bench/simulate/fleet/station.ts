import type { VirtualTime } from "../engine/virtual-time.ts";

/** Work that a station has taken. */
export interface Job {
  /** What it takes on a worker of usual speed, in milliseconds. */
  readonly serviceMs: number;
  /** Called when it is done, or when the station lost it. */
  readonly onEnd: (isDone: boolean) => void;
}

/**
 * Workers in front of one queue, first come, first served, without bound. Nobody can take a job back: a caller that
 * gave up is served as if it waited. Workers that are taken away finish what they have begun.
 */
export class Station {
  readonly #time: VirtualTime;
  #workers: number;
  /** How many times longer everything takes. */
  #slowness = 1;
  #busy = 0;
  #isUp = true;
  readonly #queue: Job[] = [];
  #head = 0;
  /** Jobs of an older life are not heard of any more. */
  #life = 0;
  #serving = new Set<Job>();

  constructor(time: VirtualTime, workers: number) {
    this.#time = time;
    this.#workers = workers;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get workers(): number {
    return this.#workers;
  }

  get busy(): number {
    return this.#busy;
  }

  /** Jobs that wait for a worker. */
  get queued(): number {
    return this.#queue.length - this.#head;
  }

  submit(job: Job): void {
    this.#queue.push(job);
    this.#serveNext();
  }

  setWorkers(workers: number): void {
    this.#workers = workers;
    this.#serveNext();
  }

  /** Of jobs that begin from now on. */
  setSlowness(slowness: number): void {
    this.#slowness = slowness;
  }

  /** Loses everything that it has, and takes nothing until {@link restart}. */
  crash(): void {
    const lost = [...this.#serving, ...this.#queue.slice(this.#head)];
    this.#isUp = false;
    this.#life++;
    this.#busy = 0;
    this.#serving = new Set();
    this.#queue.length = 0;
    this.#head = 0;
    for (const job of lost) job.onEnd(false);
  }

  restart(): void {
    this.#isUp = true;
  }

  #serveNext(): void {
    while (this.#busy < this.#workers && this.queued > 0) {
      const job = this.#queue[this.#head++]!;
      if (this.#head > 1_024) this.#head -= this.#queue.splice(0, this.#head).length;
      this.#serve(job);
    }
  }

  #serve(job: Job): void {
    const life = this.#life;
    this.#busy++;
    this.#serving.add(job);
    this.#time.at(this.#time.now() + job.serviceMs * this.#slowness, () => {
      if (life !== this.#life) return;
      this.#busy--;
      this.#serving.delete(job);
      job.onEnd(true);
      this.#serveNext();
    });
  }
}
