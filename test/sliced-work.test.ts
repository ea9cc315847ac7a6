import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HASHING, inSlices, SENDING, type SlicedWork } from "../lib/sliced-work.ts";

/** How long a slice takes, in milliseconds. */
const SLICE_MS = 0.35;

let now = 0;

/** Work of some slices, each of which takes its time and writes its name down. */
function work(name: string, slices: number, log: string[], sliceMs = SLICE_MS): SlicedWork {
  let left = slices;
  return {
    get isOver() {
      return left === 0;
    },
    step() {
      left--;
      now += sliceMs;
      log.push(name);
    },
  };
}

/** Lets the event loop turn, noting each turn. */
async function turn(times: number, log: string[]): Promise<void> {
  for (let i = 0; i < times; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    log.push("|");
  }
}

/** Lets the event loop turn, each time with so much other work, in milliseconds. */
async function busyTurns(otherWorkMs: readonly number[], log: string[]): Promise<void> {
  for (const ms of otherWorkMs) {
    now += ms;
    await turn(1, log);
  }
}

describe("work in slices", () => {
  beforeEach(() => {
    vi.spyOn(performance, "now").mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("has one slice per turn of the event loop, however much of it there is", async () => {
    const log: string[] = [];
    inSlices(HASHING, work("a", 2, log));
    inSlices(HASHING, work("b", 1, log));
    expect(log).toEqual([]);
    await turn(4, log);
    expect(log.join("")).toBe("a|a|b||");
  });

  it("has more than one where they are short, until 0.3 ms are gone, and then none to be hashed", async () => {
    const log: string[] = [];
    inSlices(SENDING, work("s", 4, log, 0.12));
    inSlices(HASHING, work("h", 1, log));
    await turn(4, log);
    expect(log.join("")).toBe("sss|s|h||");
  });

  it("goes on with what is sent before what is hashed, and within these with what came first", async () => {
    const log: string[] = [];
    inSlices(HASHING, work("h", 2, log));
    await turn(1, log);
    inSlices(SENDING, work("s", 1, log));
    inSlices(SENDING, work("t", 1, log));
    await turn(3, log);
    expect(log.join("")).toBe("h|s|t|h|");
  });

  it("leaves out a turn that is long without it, but not the next one", async () => {
    const log: string[] = [];
    inSlices(HASHING, work("a", 6, log));
    await busyTurns([0.25, 1, 0.25, 1, 1, 1, 0.25, 1], log);
    expect(log.join("")).toBe("a||a||a|a|a||");
    await turn(1, log);
    expect(log.at(-2)).toBe("a");
  });

  it("takes a fifth of what else there is to do where turns are much longer than a slice", async () => {
    const log: string[] = [];
    inSlices(HASHING, work("h", 4, log));
    inSlices(SENDING, work("s", 4, log));
    await busyTurns([0.25, 5, 5, 5, 5], log);
    expect(log.join("")).toBe("s||sss|hhh|h|");
  });

  it("that is over meanwhile takes no turn", async () => {
    const log: string[] = [];
    const given = work("given up", 1, log);
    inSlices(HASHING, given);
    given.step();
    inSlices(HASHING, work("b", 1, log));
    await turn(2, log);
    expect(log).toEqual(["given up", "b", "|", "|"]);
  });
});
