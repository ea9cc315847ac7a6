import type { PartialStrykerOptions } from "@stryker-mutator/api/core";

/** Share of mutants, in percent, that the tests must find: below it the exit code is 1. */
export const LEAST_SCORE = 90;

/** Where everything of a run goes that is not committed. */
const WORK_FOLDER = "coverage/mutation";

/** Every mutant of the last run, and which test found it. */
export const FULL_REPORT = `${WORK_FOLDER}/report.json`;

/** What is known of mutants whose unit and tests did not change. */
export const INCREMENTAL = `${WORK_FOLDER}/incremental.json`;

/** The units whose decisions are mutated, unless the command line names others. */
export const UNITS = "lib/resilience/**/*.ts";

/** The environment variable that tells the test runners what is mutated, with spaces between. */
export const MUTATED = "HOLDFAST_MUTATED";

/** How Stryker runs here. No kind of mutant and no line is excluded. */
export function strykerOptions(mutate: readonly string[], concurrency: number): PartialStrykerOptions {
  return {
    mutate: [...mutate],
    plugins: ["@stryker-mutator/vitest-runner"],
    testRunner: "vitest",
    // Which tests a mutant concerns is what the coverage says; what imports what would name nearly all.
    vitest: { configFile: "bench/mutation/vitest.config.ts", related: false },
    coverageAnalysis: "perTest",
    concurrency,
    // A loop without an end is found by the count of its turns, a promise that stays open by Vitest's timeout. What is
    // evaluated as a file loads is judged by all tests, which on a busy machine take minutes: slow is not found.
    timeoutMS: 120_000,
    incremental: true,
    incrementalFile: INCREMENTAL,
    tempDirName: `${WORK_FOLDER}/sandbox`,
    jsonReporter: { fileName: FULL_REPORT },
    reporters: ["clear-text", "json", "progress-append-only"],
    clearTextReporter: { allowColor: process.stdout.isTTY, logTests: false, reportTests: false },
    thresholds: { break: LEAST_SCORE },
    // Not needed by the tests, and long to copy.
    ignorePatterns: ["/bench/results", "/examples/quickstart/data", "/dist", "/coverage"],
  };
}
