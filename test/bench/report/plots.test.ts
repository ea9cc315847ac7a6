import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barPlot, logTicks } from "../../../bench/report/plots/bars.ts";
import { ninesOf } from "../../../bench/report/plots/lines.ts";
import { plotsOf } from "../../../bench/report/plots/plots.ts";
import { figure, openLoopPart, partResult, soakPart } from "../part-results.ts";

const WORK = "1 KB, 64 in flight";

/** The texts of a drawing from top to bottom as they were drawn. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);
}

describe("bars", () => {
  it("have name, median and ratio to the baseline, and say that their scale is logarithmic where it is", () => {
    const { svg } = barPlot(partResult(), WORK, "CPU")!;
    expect(texts(svg)).toEqual(
      expect.arrayContaining(["undici", "holdfast", "aws-sdk", "36.0   1.13 x", "470   14.7 x"]),
    );
    expect(svg).toContain("logarithmic scale");
  });

  it("are linear where the largest does not hide the smallest", () => {
    const figures = [figure("undici", WORK, "CPU", 30), figure("holdfast", WORK, "CPU", 36)];
    expect(barPlot(partResult({ figures }), WORK, "CPU")!.svg).not.toContain("logarithmic");
  });

  it("are drawn with zeros and with less than nothing, which noise may measure of a cheap layer", () => {
    const figures = [figure("deadline", WORK, "layerCPU", -0.1, 0.2), figure("retry", WORK, "layerCPU", 0)];
    const { svg } = barPlot(partResult({ figures }), WORK, "layerCPU")!;
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it("are not drawn of one client alone", () => {
    expect(
      barPlot(partResult({ figures: [figure("holdfast", WORK, "CPU", 1)] }), WORK, "CPU"),
    ).toBeUndefined();
  });
});

describe("the ticks of a logarithmic axis", () => {
  it("are 1, 2 and 5 of each power of ten", () => {
    expect(logTicks(15, 600)).toEqual([20, 50, 100, 200, 500]);
  });

  it("lie within the axis, in order", () => {
    const positive = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const ticks = logTicks(from, to);
        expect(ticks.every((tick) => tick >= from && tick <= to)).toBe(true);
        expect(ticks).toEqual([...new Set(ticks)].sort((x, y) => x - y));
      }),
    );
  });
});

describe("percentiles", () => {
  it("lie by their nines", () => {
    expect([0.9, 0.99, 0.999].map((share) => Number(ninesOf(share).toFixed(9)))).toEqual([1, 2, 3]);
  });

  it("have a tick at each of them, and a line for each client", () => {
    const [plot] = plotsOf(openLoopPart());
    expect(texts(plot!.svg)).toEqual(
      expect.arrayContaining(["50 %", "90 %", "99 %", "99.9 %", "99.99 %", "undici", "holdfast", "aws-sdk"]),
    );
  });

  it("leave out the slowest call of all, which has no place on the axis", () => {
    const part = openLoopPart();
    const curves = part.curves.map((curve) => ({ ...curve, points: [...curve.points, [1, 1e9] as const] }));
    expect(plotsOf({ ...part, curves })).toEqual(plotsOf(part));
  });
});

describe("curves over time", () => {
  it("are over minutes where the run was long, in the unit that the metric is shown in", () => {
    const rss = plotsOf(soakPart()).find(({ file }) => file.includes("rss"))!;
    expect(rss.svg).toContain("RSS MB over minutes");
    expect(texts(rss.svg)).toEqual(expect.arrayContaining(["25", "100"]));
  });
});
