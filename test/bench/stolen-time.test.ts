import { describe, expect, it } from "vitest";
import { watchStolenTime } from "../../bench/stolen-time.ts";

/** Answers with one text after another. */
function kernelOf(...texts: readonly string[]): () => string | undefined {
  const left = [...texts];
  return () => left.shift();
}

describe("the CPU time that a host gives to others", () => {
  it("is the share of all of it since the watch began", () => {
    const shareNow = watchStolenTime(
      kernelOf(
        "cpu  1000 0 500 8000 0 0 100 400 7 0\ncpu0 1 1 1 1 1 1 1 9 0 0\n",
        "cpu  1400 0 600 8400 0 0 100 500 9 0\ncpu0 1 1 1 1 1 1 1 9 0 0\n",
        "cpu  1400 0 600 8400 0 0 100 500 9 0\n",
      ),
    );
    expect(shareNow()).toBe(0.1);
    expect(shareNow()).toBe(0.1);
  });

  it("is none where no time has passed", () => {
    const counters = "cpu  1 2 3 4 5 6 7 8 0 0\n";
    expect(watchStolenTime(kernelOf(counters, counters))()).toBe(0);
  });

  it("is not known where the system does not tell", () => {
    expect(watchStolenTime(kernelOf())()).toBeUndefined();
    expect(watchStolenTime(kernelOf("cpu  1 2 3 4\n", "cpu  1 2 3 4\n"))()).toBeUndefined();
  });

  it("is known on Linux", () => {
    const share = watchStolenTime()();
    if (process.platform !== "linux") return expect(share).toBeUndefined();
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  });
});
