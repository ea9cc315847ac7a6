import { describe, expect, it } from "vitest";
import { sourceFiles } from "./source-files.ts";

/** What waits for time to pass, but for a clock's own method of that name, or reads the text of such a wait for another process. */
const WAITS =
  /(?<![.\w])(?:setTimeout|setInterval)\((?![^()]*\) \{)|timers\/promises|Atomics\.wait|scheduler\.wait\(/;

/** Tests that wait on the real clock, and why no other one would do. */
const ON_REAL_TIME: Readonly<Record<string, string>> = {
  "test/bench/child/open-load.test.ts": "when calls start is what it tests",
  "test/bench/child/census.test.ts": "makes a timer to be counted, and clears it",
  "test/bench/child-process.test.ts": "keeps processes alive that it then ends",
  "test/support/stand-still.ts": "stops the event loop, which only real time does",
  "test/transport/process-end.test.ts":
    "a process that ends too early is found out by an answer that is late",
  "test/simulation/virtual-time.test.ts": "shows that the timers of the platform are replaced",
};

describe("tests", () => {
  it("do not sleep: they move a clock of their own, or wait for what they wait for", () => {
    const waiting = sourceFiles("test").filter(
      ({ path, text }) => path !== "test/architecture/clocks.test.ts" && WAITS.test(text),
    );
    expect(waiting.map(({ path }) => path).sort()).toEqual(Object.keys(ON_REAL_TIME).sort());
  });

  it.each([
    "setTimeout(resolve, 10)",
    "await new Promise((done) => setTimeout(done, 10));",
    'import { setTimeout as sleep } from "node:timers/promises";',
    "setInterval(look, 5)",
    "Atomics.wait(cell, 0, 0, 50)",
  ])("would be found out by %s", (line) => {
    expect(WAITS.test(line)).toBe(true);
  });
});
