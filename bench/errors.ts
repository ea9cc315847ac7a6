/** What the user asked for cannot be done as asked: printed as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A run that went wrong or cannot be trusted: printed as one line, exit code 1. */
export class BenchError extends Error {
  override readonly name = "BenchError";
}
