import { describe, expect, it } from "vitest";
import type { CallEnd } from "../../lib/load/call-end.ts";
import { Measurement } from "../../lib/load/measurement.ts";
import { attemptTable, outcomeTable, variantTable } from "../../lib/load/outcome-tables.ts";

const OK: CallEnd = { outcome: "ok", variant: "a", error: undefined, attempts: [] };

/** What these calls came to, in two slices. */
function measured(...ends: CallEnd[]): Measurement {
  const [total, slice] = [new Measurement(), new Measurement()];
  for (const end of ends) slice.record(end, 50);
  total.add(slice);
  total.add(slice);
  return total;
}

describe("the table of outcomes", () => {
  it("says how many answers came from a fallback, where some did", () => {
    const fallback: CallEnd = { ...OK, variant: "_none", isFromFallback: true };
    expect(outcomeTable(measured(OK, fallback, fallback), "").at(-1)).toBe(
      "Answered by a fallback: 4 of the calls that are ok here.",
    );
    expect(outcomeTable(measured(OK), "")).toHaveLength(2);
  });
});

describe("the table of attempts", () => {
  const tried = (...outcomes: ("ok" | "server_error")[]): CallEnd => ({
    ...OK,
    attempts: outcomes.map((outcome) => ({ durationMs: 20, outcome, isOverload: false })),
  });

  it("shows failures that retries made good", () => {
    const total = measured(tried("ok"), tried("ok"), tried("server_error", "ok"));
    expect(attemptTable(total, ", a.json")).toEqual([
      "Outcome of attempts, a.json  attempts    share",
      "ok                                  6  75.00 %",
      "server_error                        2  25.00 %",
    ]);
  });

  it("is not shown where all attempts are ok, nor where there are none", () => {
    expect(attemptTable(measured(tried("ok")), "")).toEqual([]);
    expect(attemptTable(measured(OK), "")).toEqual([]);
  });
});

describe("the table of variants", () => {
  it("says what stands for calls without one, where there are such", () => {
    const failed: CallEnd = { ...OK, outcome: "timeout", error: "TimeoutError" };
    const lines = variantTable(
      measured(OK, { ...failed, variant: "_unknown" }, { ...failed, variant: "_none" }),
      "",
    );
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/^_unknown: calls of which no answer names the variant/),
      expect.stringMatching(/^_none: no variant of the endpoint had a part/),
    ]);
    expect(variantTable(measured(OK), "")).toHaveLength(2);
  });
});
