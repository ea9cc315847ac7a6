/** What a call is aimed at: the unit that fails, is slow, or warms up on its own. */
export interface Target {
  readonly endpoint: string;
  readonly variant: string | undefined;
  readonly component: string | undefined;
  readonly model: string | undefined;
  readonly container: string | undefined;
  /** Identity of the target: breakers, limiters and latency quantiles are kept per key. */
  readonly key: string;
}

/** The members of a command's input that name its target. */
export interface TargetInput {
  readonly EndpointName?: string | undefined;
  readonly TargetVariant?: string | undefined;
  readonly InferenceComponentName?: string | undefined;
  readonly TargetModel?: string | undefined;
  readonly TargetContainerHostname?: string | undefined;
}

/** No name that the service allows contains it, so that two targets never share a key. */
const SEPARATOR = "\n";

/** The target of an input, which need not be valid yet: what is not a name counts as absent. */
export function targetOf(input: TargetInput): Target {
  const endpoint = nameOf(input.EndpointName) ?? "";
  const variant = nameOf(input.TargetVariant);
  const component = nameOf(input.InferenceComponentName);
  const model = nameOf(input.TargetModel);
  const container = nameOf(input.TargetContainerHostname);
  const isWholeEndpoint =
    variant === undefined && component === undefined && model === undefined && container === undefined;
  const key = isWholeEndpoint
    ? endpoint
    : [endpoint, variant ?? "", component ?? "", model ?? "", container ?? ""].join(SEPARATOR);
  return { endpoint, variant, component, model, container, key };
}

/** Whether the call names a part of the endpoint; otherwise any of its variants may answer. */
export function isTargeted(target: Target): boolean {
  return target.key !== target.endpoint;
}

function nameOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
