import { constants } from "node:os";

type InterruptSignal = "SIGINT" | "SIGTERM";

/** A terminal and a launcher between it and us deliver one Ctrl-C twice; a person does not press that fast. */
const SAME_KEYSTROKE_MS = 500;

/** Somebody asked the process to end: Ctrl-C, or a supervisor. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** As a shell reports a process that a signal ended. */
  readonly exitCode: number;

  constructor(signalName: InterruptSignal) {
    super(`interrupted by ${signalName}`);
    this.exitCode = 128 + constants.signals[signalName];
  }
}

/**
 * A signal that fires with {@link Interrupted} at the first Ctrl-C or SIGTERM. Asked again, the process ends
 * at once; its containers notice and follow.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  let askedAt = Number.POSITIVE_INFINITY;

  function interrupt(name: InterruptSignal): void {
    const interrupted = new Interrupted(name);
    if (performance.now() - askedAt > SAME_KEYSTROKE_MS) process.exit(interrupted.exitCode);
    if (controller.signal.aborted) return;
    askedAt = performance.now();
    controller.abort(interrupted);
  }

  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller.signal;
}
