import { Command } from "commander";
import { startLocalEndpoint } from "../local/server.ts";
import { StoreDirectoryError } from "../local/store/store-directory-error.ts";
import type { LocalEndpoint, LocalEndpointOptions, VariantSpec } from "../local/types.ts";
import { containerUrl, type FaultFile, faultFile, region, text, variant, wholeNumber } from "./flags.ts";
import { banner } from "./local-banner.ts";
import { print } from "./print.ts";
import { UsageError } from "./usage-error.ts";

/** The flags of `holdfast local`, as commander gives them. */
export interface LocalFlags {
  readonly host: string;
  readonly port: number;
  readonly container?: string;
  readonly variant?: readonly VariantSpec[];
  readonly faults?: FaultFile;
  readonly seed: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly containerTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly storeDirectory?: string;
}

const EXAMPLES = `
Examples:
  holdfast local
  holdfast local --container http://127.0.0.1:9000
  holdfast local --variant a=0.9:http://127.0.0.1:9001 --variant b=0.1:http://127.0.0.1:9002
  holdfast local --faults faults.json --seed 7

A fault script, here 503 for one call in twenty:
  {"rules":[{"match":{"rate":0.05},"fault":{"type":"status","status":503}}]}
`;

/** `holdfast local`: runs the local endpoint until SIGINT or SIGTERM. */
export function localCommand(): Command {
  return new Command("local")
    .description("Run a local server that speaks SageMaker Runtime, for tests without an AWS account.")
    .option("--host <address>", "address to listen on", text, "127.0.0.1")
    .option("--port <number>", "port to listen on; 0 for any free one", wholeNumber(0, 65_535), 8080)
    .option("--container <url>", "container for variants that name none (default: it echoes)", containerUrl)
    .option(
      "--variant <name=weight[:url]>",
      "production variant; repeatable (default: AllTraffic=1)",
      variant,
    )
    .option("--faults <file>", "fault script (JSON)", faultFile)
    .option("--seed <number>", "seed of every random choice", wholeNumber(0, 4_294_967_295), 1)
    .option("--access-key-id <id>", "credentials that requests must be signed with", text, "local")
    .option("--secret-access-key <secret>", "credentials that requests must be signed with", text, "local")
    .option("--region <name>", "region to print; any is accepted", region, "us-east-1")
    .option(
      "--container-timeout-ms <ms>",
      "how long a container may take",
      wholeNumber(1, 2_147_483_647),
      60_000,
    )
    .option(
      "--max-body-bytes <bytes>",
      "largest request and answer",
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
      26_214_400,
    )
    .option("--store-directory <path>", "keep objects of async calls as files (default: in memory)", text)
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", EXAMPLES)
    .allowExcessArguments()
    .action(runLocal);
}

async function runLocal(flags: LocalFlags, { args }: Command): Promise<void> {
  if (args.length > 0)
    throw new UsageError(`holdfast local takes flags only, got ${JSON.stringify(args[0])}`);
  const variants = variantsOf(flags);
  const endpoint = await start(flags, variants);
  const stopped = stopSignal();
  try {
    await print(banner(endpoint.url, variants, flags));
    await stopped;
  } finally {
    await endpoint.close();
  }
}

function variantsOf({ variant, container }: LocalFlags): VariantSpec[] {
  const specs = variant ?? [{ name: "AllTraffic", weight: 1 }];
  if (!specs.some(({ weight }) => weight > 0)) {
    throw new UsageError("--variant: at least one weight must be above 0, got 0 for all");
  }
  return specs.map((spec) => (container === undefined ? spec : { container, ...spec }));
}

async function start(flags: LocalFlags, variants: readonly VariantSpec[]): Promise<LocalEndpoint> {
  const { host, port, seed, accessKeyId, secretAccessKey, containerTimeoutMs, maxBodyBytes } = flags;
  const options: LocalEndpointOptions = {
    host,
    port,
    seed,
    variants,
    containerTimeoutMs,
    maxBodyBytes,
    credentials: { accessKeyId, secretAccessKey },
    ...(flags.faults === undefined ? {} : { faults: flags.faults.script }),
    ...(flags.storeDirectory === undefined ? {} : { storeDirectory: flags.storeDirectory }),
  };
  try {
    return await startLocalEndpoint(options);
  } catch (error) {
    if (error instanceof StoreDirectoryError) {
      throw new UsageError(
        `--store-directory ${error.path} is no directory that takes files: ${error.reason}`,
      );
    }
    throw listenError(error, host, port);
  }
}

/** What the system says about an address, as an error of the flag that named it. */
function listenError(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new UsageError(`--port ${port} is in use on ${host}: give a free one, or 0 for any free one`);
    case "EACCES":
      return new UsageError(`--port ${port} may not be opened by this user: give one from 1024 to 65535`);
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
    case "EINVAL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new UsageError(`--host ${host} is no address of this machine: give one, such as 127.0.0.1`);
    default:
      return error;
  }
}

/** Settles at the first SIGINT or SIGTERM. A second one of its kind ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
