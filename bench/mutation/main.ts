import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { Command } from "commander";
import { wholeNumber } from "../option-parsers.ts";
import { describeRevision } from "../revision.ts";
import { FULL_REPORT, INCREMENTAL, MUTATED, strykerOptions, UNITS } from "./options.ts";
import { renderMutationReport } from "./report.ts";
import { summarize } from "./summary.ts";

interface Flags {
  readonly again?: true;
  readonly save?: true;
  readonly workers: number;
}

const command = new Command("npm run mutation --")
  .description(
    "Changes the resilience units a little, one place at a time, and looks whether a test notices.",
  )
  .argument("[files...]", "which units, such as lib/resilience/keyed.ts", [UNITS])
  .option("--again", "run every mutant, also those whose unit and tests are as they were the last time")
  .option("--save", "keep the summary as the committed report")
  .option("--workers <n>", "test runners at once", wholeNumber(1, 64), 1)
  .parse();

const { again, save, workers } = command.opts<Flags>();
if (again === true) rmSync(INCREMENTAL, { force: true });
const begun = performance.now();
const mutated = command.processedArgs[0] as string[];
process.env[MUTATED] = mutated.join(" ");
await new Stryker(strykerOptions(mutated, workers)).runMutationTest();
if (save === true) {
  const minutes = (performance.now() - begun) / 60_000;
  const summary = summarize(FULL_REPORT, {
    mutated: mutated.join(" "),
    revision: describeRevision(),
    minutes,
  });
  writeFileSync(join(import.meta.dirname, "report.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
  writeFileSync(join(import.meta.dirname, "report.md"), renderMutationReport(summary));
}
