/**
 * `npm start`: real data through every stage of the client, against a local endpoint that misbehaves.
 * The exit code is 0 only if no call was lost and every variant was right often enough; 2 for a bad option.
 */
import { CommanderError } from "commander";
import { Interrupted, interruptSignal } from "./interrupt.ts";
import { parseOptions } from "./options.ts";
import { quickstart } from "./quickstart.ts";

try {
  const passed = await quickstart(parseOptions(process.argv.slice(2)), interruptSignal());
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has written its line by now.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Interrupted) {
    console.error(error.message);
    return error.exitCode;
  }
  console.error(error);
  return 1;
}
