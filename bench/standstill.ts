import type { StandstillInput, StandstillSample } from "./child/standstill.ts";
import type { Lab } from "./lab.ts";

/** The name that the machine itself has in figures, beside the clients that it stops; no peer. */
export const MACHINE = "machine";

export const MACHINE_DESCRIPTION =
  "no client: an event loop that does nothing but hash 512 KiB a turn, where the clients run";

/** How long the machine alone stops an event loop, in as many windows as each client has and as long ones. */
export function measureStandstill(lab: Lab, input: StandstillInput): Promise<StandstillSample> {
  const plannedMs = input.windows * input.windowMs;
  return lab.run({ name: MACHINE, program: "standstill", input, plannedMs });
}
