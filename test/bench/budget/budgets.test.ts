import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Budget,
  compareWithBudgets,
  readBudgets,
  rebase,
  writeBudgets,
} from "../../../bench/budget/budgets.ts";
import {
  BUNDLED_CORE,
  HEAP_PER_CALL,
  layerRuns,
  type Measured,
  TIMERS,
} from "../../../bench/budget/quantity.ts";
import { UsageError } from "../../../bench/errors.ts";

const SIGN = layerRuns("sign", "a plain call");

function budget(value: number, isExact = false): Budget {
  return { budget: value, unit: "", tolerance: 0, isExact, why: "" };
}

function verdicts(measured: readonly Measured[], budgets: Record<string, Budget>): string[] {
  return compareWithBudgets(measured, budgets).map(({ verdict }) => verdict);
}

describe("a budget", () => {
  it("is kept up to its value, and broken above it", () => {
    const budgets = { [HEAP_PER_CALL.name]: budget(23_000) };
    expect(verdicts([{ quantity: HEAP_PER_CALL, value: 22_000 }], budgets)).toEqual(["ok"]);
    expect(verdicts([{ quantity: HEAP_PER_CALL, value: 23_000 }], budgets)).toEqual(["ok"]);
    expect(verdicts([{ quantity: HEAP_PER_CALL, value: 23_000.1 }], budgets)).toEqual(["over budget"]);
  });

  it("that is exact is broken below its value too: a layer that no longer runs is no saving", () => {
    const budgets = { [SIGN.name]: budget(1, true) };
    expect([0, 1, 2].map((value) => verdicts([{ quantity: SIGN, value }], budgets)[0])).toEqual([
      "under budget",
      "ok",
      "over budget",
    ]);
  });

  it("is missed where something new was measured", () => {
    expect(verdicts([{ quantity: SIGN, value: 1 }], {})).toEqual(["no budget"]);
    // No entry, though every object has a member of that name.
    expect(verdicts([{ quantity: { ...SIGN, name: "constructor" }, value: 1 }], {})).toEqual(["no budget"]);
  });

  it("is broken where nothing was measured for it, as with a layer that is gone", () => {
    expect(compareWithBudgets([], { [SIGN.name]: budget(1, true) })).toEqual([
      { name: SIGN.name, measured: undefined, budget: budget(1, true), verdict: "not measured" },
    ]);
  });
});

describe("new budgets", () => {
  it("are what was measured with the tolerance on top, to the shown decimals", () => {
    const budgets = rebase([
      { quantity: HEAP_PER_CALL, value: 22_690.4 },
      { quantity: TIMERS, value: 2.001 },
      { quantity: SIGN, value: 2 },
    ]);
    expect(Object.values(budgets).map(({ budget, tolerance, unit }) => [budget, tolerance, unit])).toEqual([
      [23_825, 0.05, "bytes/call"],
      [2.05, 0.02, "timers/call"],
      [2, 0, "runs"],
    ]);
  });

  it("are kept by what they were made of", () => {
    const values = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(values, fc.nat(1_000), (value, runs) => {
        const measured = [
          { quantity: BUNDLED_CORE, value },
          { quantity: SIGN, value: runs },
        ];
        expect(verdicts(measured, rebase(measured))).toEqual(["ok", "ok"]);
      }),
    );
  });
});

describe("the file of budgets", () => {
  const newFile = () => join(mkdtempSync(join(tmpdir(), "budgets-")), "BUDGET.json");

  it("is read back as it was written", () => {
    const file = newFile();
    const budgets = rebase([{ quantity: TIMERS, value: 2 }]);
    writeBudgets(budgets, file);
    expect(readBudgets(file)).toEqual(budgets);
  });

  it("that is committed is one, and says of each entry why it is there", () => {
    const budgets = Object.entries(readBudgets());
    expect(budgets.length).toBeGreaterThan(10);
    expect(budgets.filter(([, { why }]) => why.length === 0)).toEqual([]);
  });

  it.each([
    ["no JSON", "{", "not JSON"],
    ["a list", "[]", "not an object of budgets"],
    ["an entry of another kind", '{ "heap of a call": 3 }', '"heap of a call" must have budget, unit'],
    [
      "an entry without a number",
      JSON.stringify({ bundle: { ...budget(1), budget: "120 kB" } }),
      '"bundle" must have budget, unit',
    ],
  ])("is refused in one line with %s", (_, content, reason) => {
    const file = newFile();
    writeFileSync(file, content);
    expect(() => readBudgets(file)).toThrow(UsageError);
    expect(() => readBudgets(file)).toThrow(reason);
    expect(() => readBudgets(file)).toThrow(/^[^\n]*BUDGET\.json[^\n]*$/);
  });

  it("is refused where there is none", () => {
    expect(() => readBudgets(newFile())).toThrow("it cannot be read");
  });
});
