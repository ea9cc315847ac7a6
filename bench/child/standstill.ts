import { createHash } from "node:crypto";
import { answerTask } from "./answer-task.ts";
import { StallProbe } from "./stall-probe.ts";

export interface StandstillInput {
  readonly windows: number;
  readonly windowMs: number;
}

export interface StandstillSample {
  /** The longest turn of the event loop in each window. */
  readonly stallsMs: readonly number[];
}

/** As much as holdfast does of a large payload in one turn. */
const TURN_BYTES = 524_288;

/** Compiling and the first collections are over by then. */
const SETTLE_MS = 300;

await answerTask(measureStandstill);

/** The longest turns of an event loop that nothing but the machine can stop: no client, no network, hardly any garbage. */
async function measureStandstill({ windows, windowMs }: StandstillInput): Promise<StandstillSample> {
  const probe = new StallProbe();
  const stallsMs: number[] = [];
  await hashFor(SETTLE_MS);
  while (stallsMs.length < windows) {
    probe.start();
    await hashFor(windowMs);
    stallsMs.push(probe.stop());
  }
  return { stallsMs };
}

async function hashFor(ms: number): Promise<void> {
  const hash = createHash("sha256");
  const slice = Buffer.alloc(TURN_BYTES, "0.5,");
  const until = performance.now() + ms;
  while (performance.now() < until) {
    hash.update(slice);
    await new Promise(setImmediate);
  }
}
