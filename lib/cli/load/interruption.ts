import { type Clock, systemClock } from "../../clock.ts";
import type { LoadResult, LoadTest } from "../../load/load-test.ts";
import { count } from "../../load/table.ts";

/**
 * A terminal and a launcher such as npx between it and us deliver one Ctrl+C twice; a person does not press that
 * fast.
 */
const SAME_KEYSTROKE_MS = 500;

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
export async function runUntilInterrupted(
  test: LoadTest,
  say: (line: string) => void,
  clock: Clock = systemClock,
): Promise<RunEnd> {
  let isOver = false;
  let keystrokes = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  const interrupt = () => {
    const now = clock.now();
    if (now - lastAt < SAME_KEYSTROKE_MS) return;
    lastAt = now;
    keystrokes++;
    if (isOver || keystrokes > 2) {
      process.off("SIGINT", interrupt);
      process.kill(process.pid, "SIGINT");
    } else if (keystrokes === 2) {
      test.abandon();
    } else {
      test.stop();
      say(stopping(test.inFlight));
    }
  };
  process.on("SIGINT", interrupt);
  try {
    const result = await test.run();
    return { result, isInterrupted: keystrokes > 0 };
  } finally {
    isOver = true;
    // Otherwise it listens on: the last keystroke, delivered again, must not end the process while it reports.
    if (keystrokes === 0) process.off("SIGINT", interrupt);
  }
}

function stopping(inFlight: number): string {
  if (inFlight === 0) return "Stopping: no call is in flight.";
  const [calls, them] = inFlight === 1 ? ["1 call is", "it"] : [`${count(inFlight)} calls are`, "them"];
  return `Stopping: ${calls} in flight. Ctrl+C again reports without ${them}.`;
}
