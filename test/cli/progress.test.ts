import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { showProgress } from "../../lib/cli/load/progress.ts";
import { LoadTest } from "../../lib/load/load-test.ts";
import { FakeClock } from "../support/fake-clock.ts";

const shape = { ratePerSecond: 10, rampMs: 0, warmUpMs: 60_000, durationMs: 60_000 };
const makeTest = () => new LoadTest({ shape, maxInFlight: 1, arms: [], clock: new FakeClock() });

/** What a stream is shown from the start of the progress to its end. */
async function shownOn(isTTY: boolean, isWanted: boolean): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY });
  (await showProgress(makeTest(), { isWanted, stream }))();
  return String(stream.read() ?? "");
}

describe("the progress bar", () => {
  it("says how many calls there are, what is going on, and how long it will", async () => {
    expect(await shownOn(true, true)).toContain(" 0/1200 calls | warming up, 120 s left");
  });

  it("is not shown where there is no terminal, nor where it is not wanted", async () => {
    expect([await shownOn(false, true), await shownOn(true, false)]).toEqual(["", ""]);
  });
});
