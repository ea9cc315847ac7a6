import type { LoadTest } from "../../load/load-test.ts";

const REFRESH_MS = 100;

/**
 * Shows on standard error how many calls are over; nothing where that is no terminal.
 *
 * @returns what takes it away again
 */
export async function showProgress(test: LoadTest, isWanted: boolean): Promise<() => void> {
  if (!isWanted || !process.stderr.isTTY) return () => {};
  // Loaded here, so that no other command pays for it.
  const { Presets, SingleBar } = await import("cli-progress");
  const { measuredFromMs, calls, firstMeasured } = test.schedule;
  const bar = new SingleBar(
    {
      format: "{bar} {value}/{total} calls | {eta_formatted} | {phase}",
      stream: process.stderr,
      clearOnComplete: true,
      // Ctrl+C is for the run: what was measured so far is still to be printed.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const phase = () => (measuredFromMs > 0 && test.finished < firstMeasured ? "warming up" : "measuring");
  bar.start(calls, 0, { phase: phase() });
  const timer = setInterval(() => bar.update(test.finished, { phase: phase() }), REFRESH_MS);
  return () => {
    clearInterval(timer);
    bar.stop();
  };
}
