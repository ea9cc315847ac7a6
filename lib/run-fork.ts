import type { Call } from "./call.ts";
import type { CallHandler, CallResult } from "./types.ts";

/** Runs the layers inside of one as the call that `fork` is, and settles it. What it did is left to be adopted. */
export async function runFork(next: CallHandler, input: object, fork: Call): Promise<CallResult> {
  try {
    const result = await next({ input, request: undefined, call: fork, attempt: undefined });
    fork.settle(undefined);
    return result;
  } catch (error) {
    // A layer may have failed on an answer that is still arriving.
    fork.decidedBy?.stream?.close(error);
    fork.settle(error);
    throw error;
  }
}
