import { relative } from "node:path";
import { UsageError } from "../errors.ts";
import { RAW_RESULTS, readParts } from "../part-file.ts";
import { RESULTS, writeReport } from "./write.ts";

try {
  const parts = readParts(RAW_RESULTS);
  const files = writeReport(parts, RESULTS);
  const names = parts.map(({ part }) => part).join(", ") || "no results";
  console.log(`${names}: ${files.length} files in ${relative(process.cwd(), RESULTS)}`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`bench:report: ${error.message}`);
  process.exitCode = 2;
}
