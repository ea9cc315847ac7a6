import type { VirtualTime } from "./virtual-time.ts";

/** What libraries without a clock of their own wait, measure and draw lots with. */
interface Seams {
  setTimeout: unknown;
  clearTimeout: unknown;
}

/**
 * Runs `work` while the global timers, the wall clock and `Math.random` are virtual: for the peers, which have no
 * seam to pass a clock through. Nothing else may run in the process meanwhile.
 */
export async function withVirtualGlobals<T>(
  time: VirtualTime,
  random: () => number,
  work: () => Promise<T>,
): Promise<T> {
  const globals = globalThis as Seams;
  const { setTimeout, clearTimeout } = globals;
  const { now } = Date;
  const { random: realRandom } = Math;
  globals.setTimeout = (callback: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) =>
    new VirtualTimer(time.setTimeout(() => callback(...args), delayMs, undefined));
  globals.clearTimeout = (timer: unknown) => {
    if (timer instanceof VirtualTimer) time.clearTimeout(timer.timer);
  };
  Date.now = () => time.epochNow();
  Math.random = random;
  try {
    return await work();
  } finally {
    Object.assign(globals, { setTimeout, clearTimeout });
    Date.now = now;
    Math.random = realRandom;
  }
}

/** As Node's: it may be told not to keep the process alive, which a virtual one never does. */
class VirtualTimer {
  readonly timer: unknown;

  constructor(timer: unknown) {
    this.timer = timer;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
