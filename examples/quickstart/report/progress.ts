import { Presets, SingleBar } from "cli-progress";

/** Shows how far a run is. */
export interface Progress {
  /** @param done calls that ended; @param lost those among them without an answer */
  update(done: number, lost: number): void;
  stop(): void;
}

/** A line at each of these shares, where there is no terminal to draw a bar on. */
const PLAIN_STEPS = 5;

/** A bar on a terminal; elsewhere a plain line for every fifth of the calls. */
export function showProgress(calls: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? drawBar(calls, stream) : writeLines(calls, stream);
}

function drawBar(calls: number, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar(
    {
      stream,
      format: "{bar} {value}/{total} calls, {lost} lost, {duration_formatted}",
      // What is not changed need not be restored by a process that is killed.
      linewrap: true,
      // The bar's own handler would catch Ctrl-C and leave the run going.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(calls, 0, { lost: 0 });
  return {
    update: (done, lost) => bar.update(done, { lost }),
    stop: () => bar.stop(),
  };
}

/** The lines alone, for anything that takes text. */
export function writeLines(calls: number, stream: { write(text: string): unknown }): Progress {
  let stepsShown = 0;
  return {
    update(done, lost) {
      const steps = Math.floor((done * PLAIN_STEPS) / calls);
      if (steps === stepsShown) return;
      stepsShown = steps;
      stream.write(`${done}/${calls} calls, ${lost} lost\n`);
    },
    stop() {},
  };
}
