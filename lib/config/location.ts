import type { EndpointUrl } from "../operations/operation.ts";
import { checkBoolean } from "../validate.ts";
import type { SageMakerRuntimeClientConfig } from "./client-config.ts";
import { type ConfigSources, type Setting, toBoolean } from "./config-sources.ts";
import type { EndpointInput } from "./custom-endpoint.ts";
import { parseRegion, resolveEndpoint } from "./endpoint-rules.ts";
import type { ProfileKey } from "./profile-file.ts";

/** Where requests go, and the region that their signature names. */
export interface Location {
  readonly region: string;
  readonly signingRegion: string;
  readonly url: EndpointUrl;
  /** Whether `url` was set, in code or outside, and is not the region's own. */
  readonly isCustomEndpoint: boolean;
  /** Also by a region that is named so. */
  readonly useFipsEndpoint: boolean;
  readonly useDualstackEndpoint: boolean;
}

/** Region and endpoint of a client: code before environment before profile. */
export function resolveLocation(input: SageMakerRuntimeClientConfig, sources: ConfigSources): Location {
  const { value: regionName, origin: regionOrigin } = findRegion(input, sources);
  const region = parseRegion(regionName, regionOrigin);
  const endpoint = findEndpoint(input, sources);
  const { useFipsEndpoint, useDualstackEndpoint } = findVariant(input, sources);
  const url = resolveEndpoint({
    region: regionName,
    useFipsEndpoint,
    useDualstackEndpoint,
    endpoint: endpoint?.value,
    endpointOrigin: endpoint?.origin ?? "endpoint",
    allowInsecureEndpoint: checkBoolean("allowInsecureEndpoint", input.allowInsecureEndpoint ?? false),
  });
  const signingRegion = parseRegion(input.signingRegion ?? region.name, "signingRegion").name;
  return {
    region: region.name,
    signingRegion,
    url: Object.freeze(url),
    isCustomEndpoint: endpoint !== undefined,
    useFipsEndpoint: useFipsEndpoint || region.isFips,
    useDualstackEndpoint,
  };
}

/** Which of the region's own endpoints is asked for. */
function findVariant(input: SageMakerRuntimeClientConfig, sources: ConfigSources) {
  const { useFipsEndpoint, useDualstackEndpoint } = input;
  return {
    useFipsEndpoint: findFlag("useFipsEndpoint", useFipsEndpoint, sources, "use_fips_endpoint"),
    useDualstackEndpoint: findFlag(
      "useDualstackEndpoint",
      useDualstackEndpoint,
      sources,
      "use_dualstack_endpoint",
    ),
  };
}

function findRegion(input: SageMakerRuntimeClientConfig, sources: ConfigSources): Setting {
  if (input.region !== undefined) return { value: input.region, origin: "region" };
  const found =
    sources.variable("AWS_REGION") ?? sources.variable("AWS_DEFAULT_REGION") ?? sources.profileRegion();
  if (found !== undefined) return found;
  throw new TypeError(
    `region is missing: set the option region, or AWS_REGION, or AWS_DEFAULT_REGION, or region in ${sources.describeProfile()}`,
  );
}

interface FoundEndpoint {
  readonly value: EndpointInput;
  readonly origin: string;
}

function findEndpoint(
  input: SageMakerRuntimeClientConfig,
  sources: ConfigSources,
): FoundEndpoint | undefined {
  if (input.endpoint !== undefined) return { value: input.endpoint, origin: "endpoint" };
  const isIgnored = findFlag(
    "ignoreConfiguredEndpointUrls",
    input.ignoreConfiguredEndpointUrls,
    sources,
    "ignore_configured_endpoint_urls",
  );
  if (isIgnored) return undefined;
  return (
    sources.variable("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME") ??
    sources.variable("AWS_ENDPOINT_URL") ??
    sources.servicesEndpoint() ??
    sources.profileSetting("endpoint_url")
  );
}

/** A setting that is off by default; its variable is named after its key. */
function findFlag(
  option: string,
  inCode: boolean | undefined,
  sources: ConfigSources,
  key: ProfileKey,
): boolean {
  if (inCode !== undefined) return checkBoolean(option, inCode);
  const found = sources.find(`AWS_${key.toUpperCase()}`, key);
  return found === undefined ? false : toBoolean(found);
}
