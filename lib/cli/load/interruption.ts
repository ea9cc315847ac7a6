import type { LoadResult, LoadTest } from "../../load/load-test.ts";
import { count } from "../../load/table.ts";

/** What a run came to. */
export interface RunEnd {
  readonly result: LoadResult;
  readonly isInterrupted: boolean;
}

/**
 * Runs a test that Ctrl+C ends early: the first one stops the sending, a second one gives up the calls in flight, and
 * a third ends the process, as it does where nobody listens.
 *
 * @param say tells the user a line
 */
export async function runUntilInterrupted(test: LoadTest, say: (line: string) => void): Promise<RunEnd> {
  let isInterrupted = false;
  const interrupt = () => {
    if (isInterrupted) {
      process.off("SIGINT", interrupt);
      test.abandon();
      return;
    }
    isInterrupted = true;
    test.stop();
    say(stopping(test.inFlight));
  };
  process.on("SIGINT", interrupt);
  try {
    const result = await test.run();
    return { result, isInterrupted };
  } finally {
    process.off("SIGINT", interrupt);
  }
}

function stopping(inFlight: number): string {
  if (inFlight === 0) return "Stopping: no call is in flight.";
  const [calls, them] = inFlight === 1 ? ["1 call is", "it"] : [`${count(inFlight)} calls are`, "them"];
  return `Stopping: ${calls} in flight. Ctrl+C again reports without ${them}.`;
}
