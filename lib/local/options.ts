import { type Clock, systemClock } from "../clock.ts";
import { checkInteger, checkKeys, checkMs, invalidOption } from "../validate.ts";
import { parseFaultScript } from "./faults/parse.ts";
import type { FaultScript } from "./faults/script.ts";
import type { LocalCredentials, LocalEndpointOptions } from "./types.ts";
import { checkName, checkVariants } from "./variant-options.ts";
import type { EndpointSpecs } from "./variants.ts";

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly host: string;
  readonly port: number;
  readonly credentials: LocalCredentials;
  readonly specs: EndpointSpecs;
  readonly faults: FaultScript;
  readonly seed: number;
  readonly containerTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly storeDirectory: string | undefined;
  readonly clock: Clock;
}

const DEFAULT_VARIANTS = [{ name: "AllTraffic", weight: 1 }];

const KNOWN: readonly (keyof LocalEndpointOptions)[] = [
  "host",
  "port",
  "credentials",
  "variants",
  "endpoints",
  "faults",
  "seed",
  "containerTimeoutMs",
  "maxBodyBytes",
  "storeDirectory",
  "clock",
];

/** @throws {RangeError | TypeError} naming the option, the value and what is allowed */
export function resolveOptions(options: LocalEndpointOptions): ResolvedOptions {
  checkKeys("", options, KNOWN);
  const { host = "127.0.0.1", storeDirectory } = options;
  if (storeDirectory !== undefined) checkText("storeDirectory", storeDirectory);
  return {
    host: checkText("host", host),
    port: checkInteger("port", options.port ?? 0, 0, 65_535),
    credentials: checkCredentials(options.credentials ?? { accessKeyId: "local", secretAccessKey: "local" }),
    specs: resolveSpecs(options),
    faults: parseFaultScript(options.faults ?? { rules: [] }),
    seed: checkInteger("seed", options.seed ?? 1, 0, 4_294_967_295),
    containerTimeoutMs: checkMs("containerTimeoutMs", options.containerTimeoutMs ?? 60_000),
    maxBodyBytes: checkInteger("maxBodyBytes", options.maxBodyBytes ?? 26_214_400, 1),
    storeDirectory,
    clock: options.clock ?? systemClock,
  };
}

function resolveSpecs({ variants, endpoints }: LocalEndpointOptions): EndpointSpecs {
  if (endpoints === undefined) return { variants: checkVariants("variants", variants ?? DEFAULT_VARIANTS) };
  if (variants !== undefined) {
    throw new TypeError("variants and endpoints cannot both be given: endpoints has the variants of each");
  }
  if (typeof endpoints !== "object" || endpoints === null || Object.keys(endpoints).length === 0) {
    throw invalidOption("endpoints", "an object with at least one endpoint's variants", endpoints);
  }
  for (const [name, specs] of Object.entries(endpoints)) {
    checkVariants(`endpoints.${checkName("endpoints: each name", name)}`, specs);
  }
  return { endpoints };
}

/** The secret is never shown. */
function checkCredentials(credentials: LocalCredentials): LocalCredentials {
  if (typeof credentials !== "object" || credentials === null) {
    throw invalidOption("credentials", "an object with accessKeyId and secretAccessKey", credentials);
  }
  checkKeys("credentials", credentials, ["accessKeyId", "secretAccessKey", "sessionToken"]);
  for (const name of ["accessKeyId", "secretAccessKey"] as const) {
    if (typeof credentials[name] !== "string" || credentials[name] === "") {
      throw new TypeError(`credentials.${name} must be a text that is not empty`);
    }
  }
  const { sessionToken } = credentials;
  if (sessionToken !== undefined && (typeof sessionToken !== "string" || sessionToken === "")) {
    throw new TypeError("credentials.sessionToken must be a text that is not empty");
  }
  return credentials;
}

function checkText(option: string, value: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalidOption(option, "a text that is not empty", value);
}
