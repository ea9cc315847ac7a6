import type { Clock } from "../../clock.ts";
import { wholeAnswer } from "../containers/call.ts";
import { TimeLimit } from "../containers/time-limit.ts";
import type { Invocation } from "../context.ts";
import { ServiceError } from "../errors.ts";
import { containerCallOf } from "../operations/container-call.ts";
import { AsyncCounts } from "../stats.ts";
import { locationOf, type ObjectAddress, type ObjectStore } from "../store/object-store.ts";

/** How many container calls run at once. */
const CONCURRENCY = 4;

/** How many wait at most; far above what a test has, far below what hurts. */
const MAX_QUEUED = 10_000;

/** One accepted asynchronous invocation. */
export interface AsyncJob {
  readonly invocation: Invocation;
  readonly input: Uint8Array | ObjectAddress;
  readonly invocationTimeoutMs: number;
  /** On the clock's monotonic scale: a job not begun by then fails. */
  readonly expiresAt: number;
  readonly output: ObjectAddress;
  readonly failure: ObjectAddress;
}

/** Calls containers for queued invocations and stores what they answer. */
export class AsyncQueue {
  readonly counts = new AsyncCounts();
  #store: ObjectStore;
  #clock: Clock;
  #maxBodyBytes: number;
  #waiting: AsyncJob[] = [];
  #running = new Set<Promise<void>>();
  #closed = new AbortController();

  constructor(store: ObjectStore, clock: Clock, maxBodyBytes: number) {
    this.#store = store;
    this.#clock = clock;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** Accepts a job; false where the queue is full. */
  enqueue(job: AsyncJob): boolean {
    if (this.counts.queued >= MAX_QUEUED) return false;
    this.#waiting.push(job);
    this.counts.queued++;
    this.#pump();
    return true;
  }

  /** Ends what runs and forgets what waits. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    this.counts.queued = 0;
    this.#closed.abort();
    await Promise.all(this.#running);
  }

  #pump(): void {
    while (this.counts.running < CONCURRENCY) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.counts.queued--;
      this.counts.running++;
      const run = this.#run(job).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  async #run(job: AsyncJob): Promise<void> {
    try {
      await this.#complete(job);
      this.counts.completed++;
    } catch (error) {
      this.counts.failed++;
      await this.#storeFailure(job, error);
    } finally {
      this.counts.running--;
      this.#pump();
    }
  }

  async #complete(job: AsyncJob): Promise<void> {
    if (this.#clock.now() > job.expiresAt)
      throw new AsyncFailure("The request expired before it was invoked.");
    const limit = new TimeLimit(this.#clock, job.invocationTimeoutMs, this.#closed.signal);
    try {
      const input = await this.#inputOf(job);
      const call = containerCallOf(job.invocation, input, limit, this.#maxBodyBytes);
      const { headers, bytes } = await wholeAnswer(call);
      await this.#write(job.output, bytes, headers["content-type"] ?? "application/octet-stream");
    } finally {
      limit.end();
    }
  }

  async #inputOf({ input }: AsyncJob): Promise<Uint8Array> {
    if (input instanceof Uint8Array) return input;
    const object = await this.#store.get(input);
    if (object !== undefined) return object.body;
    throw new AsyncFailure(`The input ${locationOf(input)} does not exist.`);
  }

  async #storeFailure(job: AsyncJob, error: unknown): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const isOurs = error instanceof ServiceError || error instanceof AsyncFailure;
    const message = isOurs ? error.message : "The result could not be stored.";
    // A store that cannot take the failure either leaves only the count.
    await this.#write(job.failure, Buffer.from(message), "text/plain").catch(ignore);
  }

  #write(address: ObjectAddress, body: Uint8Array, contentType: string): Promise<void> {
    const headers = { "content-type": contentType };
    return this.#store.put(address, { body, headers, lastModifiedMs: this.#clock.epochNow() });
  }
}

/** Why a job failed, where it is not the container's doing. */
class AsyncFailure extends Error {}

function ignore(): void {}
