import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { type Progress, showProgress } from "../../lib/cli/load/progress.ts";
import type { CallEnd } from "../../lib/load/call-end.ts";
import { LoadTest } from "../../lib/load/load-test.ts";
import { FakeClock } from "../support/fake-clock.ts";

const shape = { ratePerSecond: 10, rampMs: 0, warmUpMs: 60_000, durationMs: 60_000 };

/** Of calls that never end. */
const makeTest = () =>
  new LoadTest({
    shape,
    maxInFlight: 1,
    arms: [() => new Promise<CallEnd>(() => {})],
    clock: new FakeClock(),
  });

/** What a stream is shown from the start of the progress to its end. */
async function shownOn(
  isTTY: boolean,
  isWanted: boolean,
  use: (progress: Progress, test: LoadTest) => void = () => {},
): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const test = makeTest();
  const progress = await showProgress(test, { isWanted, stream });
  use(progress, test);
  progress.hide();
  return String(stream.read() ?? "");
}

describe("the progress bar", () => {
  it("says how many calls there are, what is going on, and how long it will", async () => {
    expect(await shownOn(true, true)).toContain(" 0/1200 calls | warming up, 120 s left");
  });

  it("leaves the terminal's line wrapping alone, which nobody would restore after a kill", async () => {
    expect(await shownOn(true, true)).not.toContain("\x1b[?7l");
  });

  it("says that the run is stopping, below what the user is told about it", async () => {
    const shown = await shownOn(true, true, (progress, test) => {
      void test.run();
      test.stop();
      progress.say("Stopping.");
    });
    expect(shown).toMatch(/Stopping\.\n.* 0\/1200 calls \| stopping, 1 in flight/s);
    expect(shown.slice(shown.indexOf("Stopping."))).not.toContain("warming up");
  });

  it("is not shown where there is no terminal, nor where it is not wanted, but lines are", async () => {
    for (const [isTTY, isWanted] of [
      [false, true],
      [true, false],
    ] as const) {
      expect(await shownOn(isTTY, isWanted, ({ say }) => say("Stopping."))).toBe("Stopping.\n");
      expect(await shownOn(isTTY, isWanted)).toBe("");
    }
  });
});
