import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import type { Measured, Quantity } from "./quantity.ts";

/** What one quantity may come to. */
export interface Budget {
  /** The highest value that passes; with `isExact`, the only one. */
  readonly budget: number;
  readonly unit: string;
  /** Share that `--update` adds to what it measures. */
  readonly tolerance: number;
  /** A value below the budget is a breach too: a layer that no longer runs protects nobody. */
  readonly isExact: boolean;
  /** What it guards. */
  readonly why: string;
}

export type Budgets = Readonly<Record<string, Budget>>;

export type Verdict = "ok" | "over budget" | "under budget" | "no budget" | "not measured";

/** One line of the table. */
export interface Comparison {
  readonly name: string;
  readonly measured: number | undefined;
  readonly budget: Budget | undefined;
  readonly verdict: Verdict;
}

const BUDGET_FILE = join(import.meta.dirname, "..", "BUDGET.json");

/** Holds what was measured against its budgets, in the order of measuring; budgets of nothing come last. */
export function compareWithBudgets(measured: readonly Measured[], budgets: Budgets): Comparison[] {
  const names = new Set(measured.map(({ quantity }) => quantity.name));
  const missing = Object.keys(budgets).filter((name) => !names.has(name));
  return [
    ...measured.map(({ quantity: { name }, value }) => {
      const budget = Object.hasOwn(budgets, name) ? budgets[name] : undefined;
      return { name, measured: value, budget, verdict: verdictOn(value, budget) };
    }),
    ...missing.map((name): Comparison => {
      return { name, measured: undefined, budget: budgets[name], verdict: "not measured" };
    }),
  ];
}

function verdictOn(value: number, budget: Budget | undefined): Verdict {
  if (budget === undefined) return "no budget";
  if (value > budget.budget) return "over budget";
  return budget.isExact && value < budget.budget ? "under budget" : "ok";
}

/** The budgets that what was measured now would just pass, with each quantity's tolerance on top. */
export function rebase(measured: readonly Measured[]): Budgets {
  return Object.fromEntries(
    measured.map(({ quantity, value }) => [quantity.name, budgetFor(quantity, value)]),
  );
}

function budgetFor({ unit, tolerance, isExact, why, decimals }: Quantity, value: number): Budget {
  const scale = 10 ** decimals;
  // Rounded up, and the product to what a double can hold: 3 x 1.1 is no more than 3.3.
  const budget = Math.ceil(Number((value * (1 + tolerance) * scale).toPrecision(12))) / scale;
  return { budget, unit, tolerance, isExact, why };
}

export function writeBudgets(budgets: Budgets, file = BUDGET_FILE): void {
  writeFileSync(file, `${JSON.stringify(budgets, null, 2)}\n`);
}

/** @throws {UsageError} for a file that holds no budgets; the message names the file and the entry */
export function readBudgets(file = BUDGET_FILE): Budgets {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw unusable(file, error instanceof SyntaxError ? "not JSON" : "it cannot be read");
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw unusable(file, "not an object of budgets");
  }
  const wrong = Object.entries(content).find(([, entry]) => !isBudget(entry));
  if (wrong !== undefined) {
    const members = "budget, unit, tolerance, isExact and why";
    throw unusable(file, `${JSON.stringify(wrong[0])} must have ${members}`);
  }
  return content as Budgets;
}

function isBudget(entry: Partial<Budget> | null): entry is Budget {
  return (
    typeof entry === "object" &&
    Number.isFinite(entry?.budget) &&
    Number.isFinite(entry?.tolerance) &&
    typeof entry?.unit === "string" &&
    typeof entry.isExact === "boolean" &&
    typeof entry.why === "string"
  );
}

function unusable(file: string, reason: string): UsageError {
  return new UsageError(
    `expected budgets, which \`npm run budget -- --update\` writes, got ${file}: ${reason}`,
  );
}
