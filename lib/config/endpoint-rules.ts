import type { EndpointUrl } from "../operations/operation.ts";
import { invalidOption } from "../validate.ts";
import { type EndpointInput, parseEndpoint } from "./custom-endpoint.ts";
import { type Partition, partitionOf } from "./partitions.ts";

/** What an endpoint is chosen by. */
export interface EndpointParams {
  readonly region: string;
  readonly useFipsEndpoint: boolean;
  readonly useDualstackEndpoint: boolean;
  /** Takes the place of the region's own endpoint. */
  readonly endpoint?: EndpointInput | undefined;
  /** Where `endpoint` was set, for errors. @default "endpoint" */
  readonly endpointOrigin?: string;
  /** Whether `endpoint` may be `http://` to another machine. @default false */
  readonly allowInsecureEndpoint?: boolean;
}

/** A region, and whether its name asked for FIPS endpoints. */
export interface ClientRegion {
  readonly name: string;
  readonly isFips: boolean;
}

const HOST_LABEL = /^(?!-)[a-zA-Z0-9-]{1,63}(?<!-)$/;

/**
 * Checks the name of a region. `fips-x` and `x-fips` are older names of the FIPS endpoints in region x.
 *
 * @param origin where it was set, for the error
 * @throws {RangeError} for what cannot be part of a host name
 */
export function parseRegion(region: string, origin = "region"): ClientRegion {
  if (typeof region !== "string") throw invalidOption(origin, "the name of a region", region);
  const isFips = region.startsWith("fips-") || region.endsWith("-fips");
  const name = isFips ? withoutFips(region) : region;
  if (!HOST_LABEL.test(name)) throw invalidOption(origin, "the name of a region, such as eu-west-1", region);
  return { name, isFips };
}

function withoutFips(region: string): string {
  if (region === "fips-aws-global" || region === "aws-fips") return "us-east-1";
  return region.replace(/fips-(dkr-|prod-)?|-fips/, "");
}

/**
 * The address of the service, by the rules that AWS publishes for it. A custom endpoint is used as it is.
 *
 * @throws {RangeError} for an invalid region or endpoint
 * @throws {TypeError} for a custom endpoint together with FIPS or dual-stack
 */
export function resolveEndpoint(params: EndpointParams): EndpointUrl {
  const region = parseRegion(params.region);
  const isFips = region.isFips || params.useFipsEndpoint;
  if (params.endpoint === undefined) {
    const name = hostnameIn(partitionOf(region.name), region.name, isFips, params.useDualstackEndpoint);
    const hostname = name.toLowerCase();
    return { protocol: "https:", hostname, port: undefined, host: hostname, basePath: "" };
  }
  const origin = params.endpointOrigin ?? "endpoint";
  if (isFips)
    throw conflict(region.isFips ? `region ${JSON.stringify(params.region)}` : "useFipsEndpoint", origin);
  if (params.useDualstackEndpoint) throw conflict("useDualstackEndpoint", origin);
  return parseEndpoint(params.endpoint, origin, params.allowInsecureEndpoint ?? false);
}

function hostnameIn(partition: Partition, region: string, isFips: boolean, isDualstack: boolean): string {
  if (isDualstack) {
    return `runtime.sagemaker${isFips ? "-fips" : ""}.${region}.${partition.dualStackDnsSuffix}`;
  }
  if (!isFips || partition.name === "aws-us-gov") return `runtime.sagemaker.${region}.${partition.dnsSuffix}`;
  if (partition.name === "aws") return `runtime-fips.sagemaker.${region}.${partition.dnsSuffix}`;
  return `runtime.sagemaker-fips.${region}.${partition.dnsSuffix}`;
}

function conflict(setting: string, origin: string): TypeError {
  return new TypeError(
    `${setting} cannot be combined with a custom endpoint (${origin}), which is used as it is`,
  );
}
