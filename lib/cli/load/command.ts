import type { Command } from "commander";
import { UsageError } from "../usage-error.ts";
import { type LoadFlags, loadFlags } from "./flags.ts";

/** `holdfast load`: measures an endpoint under load and recommends settings. */
export function loadCommand(): Command {
  return loadFlags().action(async (flags: LoadFlags, { args }: Command) => {
    if (args.length > 0)
      throw new UsageError(`holdfast load takes flags only, got ${JSON.stringify(args[0])}`);
    // Loaded here, so that the other commands do not wait for a client and its packages.
    const { runLoad } = await import("./run.ts");
    await runLoad(flags);
  });
}
