import { describe, expect, it } from "vitest";
import { measureAllocation } from "../../bench/child/allocation.ts";

const BYTES_PER_NUMBER = 8;

describe("measureAllocation", () => {
  it("counts what was allocated, also what was collected meanwhile", async () => {
    const arrays = 2_000;
    const length = 4_096;
    let kept: number[] = [];
    const allocated = await measureAllocation(async () => {
      for (let i = 0; i < arrays; i++) kept = new Array<number>(length).fill(i);
    });
    const expected = arrays * length * BYTES_PER_NUMBER;
    expect(kept).toHaveLength(length);
    expect(allocated / expected).toBeGreaterThan(0.95);
    expect(allocated / expected).toBeLessThan(1.25);
  });
});
