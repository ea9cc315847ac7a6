import type { LoadTest } from "../../load/load-test.ts";
import { count } from "../../load/table.ts";

const REFRESH_MS = 100;

const MS_PER_SECOND = 1_000;

export interface ProgressOptions {
  readonly isWanted: boolean;
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export interface Progress {
  /** Prints a line, above the bar where there is one. */
  say(line: string): void;
  hide(): void;
}

/**
 * Shows how many calls are over, and for how long calls are yet to be sent; no bar where the stream is no
 * terminal. To be called when the test starts.
 */
export async function showProgress(test: LoadTest, { isWanted, stream }: ProgressOptions): Promise<Progress> {
  const write = (line: string) => void stream.write(`${line}\n`);
  if (!isWanted || stream.isTTY !== true) return { say: write, hide() {} };
  // Loaded here, so that no other command pays for it.
  const { Presets, SingleBar } = await import("cli-progress");
  const bar = new SingleBar(
    {
      format: "{bar} {value}/{total} calls | {phase}",
      stream,
      clearOnComplete: true,
      // What is not changed need not be restored by a process that is killed.
      linewrap: true,
      // Ctrl+C is for the run: what was measured so far is still to be printed.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const startedAt = performance.now();
  const phase = () => phaseAt(test, performance.now() - startedAt);
  const show = () => bar.start(test.schedule.calls, test.finished, { phase: phase() });
  show();
  const timer = setInterval(() => bar.update(test.finished, { phase: phase() }), REFRESH_MS);
  return {
    say(line) {
      bar.stop();
      write(line);
      show();
    },
    hide() {
      clearInterval(timer);
      bar.stop();
    },
  };
}

/** The schedule is fixed, so that nothing about its end is an estimate. */
function phaseAt({ schedule, isStopping, inFlight }: LoadTest, elapsedMs: number): string {
  if (isStopping) return `stopping, ${count(inFlight)} in flight`;
  const leftMs = schedule.endMs - elapsedMs;
  if (leftMs <= 0) return "waiting for the last answers";
  const phase = elapsedMs < schedule.measuredFromMs ? "warming up" : "measuring";
  return `${phase}, ${Math.ceil(leftMs / MS_PER_SECOND)} s left`;
}
