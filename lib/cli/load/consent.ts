import { createInterface } from "node:readline/promises";
import { isLoopback } from "../../config/custom-endpoint.ts";
import { CommandFailed, interrupted } from "../command-failed.ts";
import { UsageError } from "../usage-error.ts";

/** Calls that are sent to an endpoint which costs money without asking. */
export const FREE_CALLS = 1_000;

/** Where there may be somebody to ask. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export interface Consent {
  readonly calls: number;
  readonly endpointName: string;
  /** Hosts that the calls go to. */
  readonly hostnames: readonly string[];
  readonly isGiven: boolean;
}

/**
 * Asks before many calls go to another machine than this one.
 *
 * @throws {UsageError} where there is nobody to ask; {@link CommandFailed} for any other answer than yes, and
 * for Ctrl+C
 */
export async function askConsent(
  { calls, endpointName, hostnames, isGiven }: Consent,
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  const remote = hostnames.find((hostname) => !isLoopback(hostname));
  if (remote === undefined || calls <= FREE_CALLS || isGiven) return;
  const what = `${calls.toLocaleString("en-US")} calls to endpoint ${endpointName} at ${remote}`;
  if (terminal.input.isTTY !== true || terminal.output.isTTY !== true) {
    throw new UsageError(
      `this would send ${what}, more than ${FREE_CALLS.toLocaleString("en-US")}, and there is no terminal to ask on: add --yes, or lower --rate or --duration`,
    );
  }
  const question = `This sends ${what}, which are charged as any others. Go on? [y/N] `;
  if (!/^y(es)?$/i.test(await ask(question, terminal)))
    throw new CommandFailed("not confirmed: nothing was sent", 1);
}

/** The answer on the terminal; empty where there was none, as with Ctrl+D. */
async function ask(question: string, { input, output }: Terminal): Promise<string> {
  const lines = createInterface({ input, output });
  // Without these, a question that is left never settles.
  const left = new AbortController();
  lines.once("close", () => left.abort());
  let isInterrupted = false;
  lines.once("SIGINT", () => {
    isInterrupted = true;
    left.abort();
  });
  try {
    return (await lines.question(question, { signal: left.signal })).trim();
  } catch {
    output.write("\n");
    if (isInterrupted) throw interrupted("interrupted: nothing was sent");
    return "";
  } finally {
    lines.close();
  }
}
