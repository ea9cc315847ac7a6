import { describe, expect, it } from "vitest";
import { formatComparison } from "../../bench/compare.ts";
import { figure, partResult } from "./support.ts";

const NOW = partResult();
const linesOf = (now = NOW, then = NOW) =>
  formatComparison([now], [then])
    .split("\n")
    .map((line) => line.replaceAll(/ +/g, " "));

describe("a comparison", () => {
  const then = partResult({ figures: [figure("undici", "CPU", 32), figure("slow", "CPU", 480)] });

  it("shows then, now and both ratios of each figure that both results have", () => {
    const fast = { ...NOW, figures: [...NOW.figures, figure("fast", "CPU", 7), figure("slow", "heap", 9)] };
    const lines = linesOf(fast, then);
    expect(lines).toContain("slow 1 KB, 64 in flight CPU us/call 480 470 0.979 x 15.0 x 14.7 x");
    expect(lines.some((line) => line.startsWith("fast"))).toBe(false);
    expect(lines.filter((line) => line.startsWith("slow"))).toHaveLength(1);
  });

  it("takes open loops for the same kind of work whatever their rates", () => {
    const at = (rate: string) =>
      partResult({ figures: [{ ...figure("undici", "p50", 90), work: `1 KB, open loop, ${rate}/s` }] });
    expect(linesOf(at("12,300"), at("900"))).toContain(
      "undici 1 KB, open loop, 12,300/s p50 us 90.0 90.0 1.00 x 1.00 x 1.00 x",
    );
  });

  it("warns where the machine or the Node version is another", () => {
    const elsewhere = { ...then, machine: { ...then.machine, node: "24.1.0" } };
    expect(linesOf(NOW, then).join()).not.toContain("only the ratios");
    expect(linesOf(NOW, elsewhere).join()).toContain("only the ratios");
  });

  it("warns where one run was quick and the other was not", () => {
    expect(linesOf(NOW, then).join()).not.toContain("quick");
    expect(linesOf(NOW, { ...then, isQuick: true }).join()).toContain("One run was quick");
  });

  it("warns where client and load server had a core each in one run only", () => {
    const apart = { ...NOW, hasOwnCores: true };
    expect(linesOf(apart, { ...then, hasOwnCores: true }).join()).not.toContain("a core each");
    expect(linesOf(apart, then).join()).toContain("had a core each in one run");
  });

  it("says so where the results have no part in common", () => {
    expect(linesOf(NOW, { ...then, part: "tls" })).toEqual([expect.stringMatching(/^Nothing to compare/)]);
  });
});
