import { basename } from "node:path";
import { SageMakerRuntimeClient } from "../../client.ts";
import type { SageMakerRuntimeClientConfig } from "../../config/client-config.ts";
import { checkObject } from "../../validate.ts";
import { readJson } from "../json-file.ts";
import { UsageError } from "../usage-error.ts";
import type { LoadFlags } from "./flags.ts";

/** A configuration under load, and what the report calls it. */
export interface NamedClient {
  readonly name: string;
  readonly client: SageMakerRuntimeClient;
}

const DEFAULTS_NAME = "default options";

/**
 * The clients that the flags ask for: one, or two to compare. `--region` and `--endpoint` go before what the
 * files say.
 *
 * @throws {UsageError} naming the flag and file of the first option that a client does not take
 */
export function makeClients(flags: LoadFlags): NamedClient[] {
  const { config, compare } = flags;
  const base = config === undefined ? makeDefault(flags) : makeFromFile("--config", config, flags);
  if (compare === undefined) return [base];
  const other = makeFromFile("--compare", compare, flags);
  if (other.name !== base.name) return [base, other];
  return [base, { ...other, name: `${other.name} (--compare)` }];
}

function makeDefault(flags: LoadFlags): NamedClient {
  try {
    return { name: DEFAULTS_NAME, client: new SageMakerRuntimeClient(location(flags)) };
  } catch (error) {
    throw new UsageError(oneLine(error));
  }
}

function makeFromFile(flag: string, path: string, flags: LoadFlags): NamedClient {
  try {
    const options = readJson(path);
    checkObject("The file", options);
    const client = new SageMakerRuntimeClient({ ...(options as object), ...location(flags) });
    checkSendsEachCall(client);
    return { name: basename(path), client };
  } catch (error) {
    const reason = error instanceof SyntaxError ? "The file must be JSON" : oneLine(error);
    throw new UsageError(`${flag} ${path}: ${reason}`);
  }
}

/** All calls of a run are the same one, which this option would answer with a few invocations. */
function checkSendsEachCall({ config }: SageMakerRuntimeClient): void {
  if (!config.singleFlight) return;
  throw new TypeError(
    "singleFlight must be false or left out: all calls of a load test are identical, and would share invocations",
  );
}

function location({ region, endpoint }: LoadFlags): SageMakerRuntimeClientConfig {
  return { ...(region !== undefined && { region }), ...(endpoint !== undefined && { endpoint }) };
}

function oneLine(error: unknown): string {
  return (error as Error).message.replaceAll("\n", " ");
}
