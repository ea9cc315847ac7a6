/** The environment variable that tells a process its core. */
const CORE = "BENCH_CORE";

/** What to add to the environment of a process that calls {@link stayOnOwnCore}; nothing without a core. */
export function environmentOfCore(core: number | undefined): Record<string, string> {
  return core === undefined ? {} : { [CORE]: `${core}` };
}

/**
 * Keeps the main thread of this process on the core that its parent gave it, if it did.
 *
 * @throws where the system refuses
 */
export async function stayOnOwnCore(): Promise<void> {
  const core = process.env[CORE];
  if (core === undefined) return;
  // Only then: what it loads would be in the figures of a cold import.
  const { keepMainThreadOn } = await import("../cores.ts");
  keepMainThreadOn(Number(core));
}
