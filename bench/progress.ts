import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  update(done: number, total: number, running: string): void;
  stop(): void;
}

/** A bar on stderr, so that stdout is the report; nothing where stderr is no terminal. */
export function startProgress(part: string): Progress {
  const bar = new SingleBar(
    {
      format: `${part} {bar} {value}/{total} processes | {eta_formatted} | {running}`,
      stream: process.stderr,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { running: "starting" });
  return {
    update(done, total, running) {
      bar.setTotal(total);
      bar.update(done, { running });
    },
    stop: () => bar.stop(),
  };
}
