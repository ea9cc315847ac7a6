import { BenchError, UsageError } from "../errors.ts";
import { formatTable } from "../table.ts";
import { type Comparison, compareWithBudgets, readBudgets, rebase, writeBudgets } from "./budgets.ts";
import { measureAll } from "./measure.ts";
import type { Measured } from "./quantity.ts";

const [option, ...rest] = process.argv.slice(2);

process.once("SIGINT", () => process.exit(130));
try {
  if (rest.length > 0 || (option !== undefined && option !== "--update")) {
    throw new UsageError(`npm run budget takes --update or nothing, got ${process.argv.slice(2).join(" ")}`);
  }
  await main(option === "--update");
} catch (error) {
  if (!(error instanceof UsageError || error instanceof BenchError)) throw error;
  console.error(`budget: ${error.message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(isUpdate: boolean): Promise<void> {
  const before = isUpdate ? undefined : readBudgets();
  const measured = await measureAll();
  if (isUpdate) writeBudgets(rebase(measured));
  const comparisons = compareWithBudgets(measured, before ?? readBudgets());
  console.log(toText(comparisons, measured));
  const breaches = comparisons.filter(({ verdict }) => verdict !== "ok");
  if (breaches.length === 0) return;
  console.error(
    `\nbudget: ${breaches.map(({ name, verdict }) => `${name}: ${verdict}`).join("; ")}. ` +
      "Where that is meant, `npm run budget -- --update` sets the budgets anew; say why in the commit.",
  );
  process.exitCode = 1;
}

function toText(comparisons: readonly Comparison[], measured: readonly Measured[]): string {
  const decimals = new Map(measured.map(({ quantity }) => [quantity.name, quantity.decimals]));
  const rows = comparisons.map(({ name, measured: value, budget, verdict }) => [
    name,
    value === undefined ? "-" : show(value, decimals.get(name)),
    budget === undefined ? "-" : show(budget.budget, decimals.get(name)),
    headroom(value, budget?.budget),
    budget?.unit ?? "",
    verdict,
  ]);
  const header = [`Node ${process.versions.node}`, "measured", "budget", "headroom", "unit", ""];
  return formatTable(header, rows).join("\n");
}

function show(value: number, decimals = 0): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

function headroom(value: number | undefined, budget: number | undefined): string {
  if (value === undefined || budget === undefined || budget === 0) return "-";
  return `${((1 - value / budget) * 100).toFixed(1)} %`;
}
