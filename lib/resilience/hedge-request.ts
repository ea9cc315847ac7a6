import type { Attempt } from "../attempt.ts";
import type { HttpRequest } from "../http.ts";
import { type Target, targetOf } from "../target.ts";
import type { CallArgs } from "../types.ts";
import type { HedgeSettings } from "./hedge-settings.ts";

const TARGET_VARIANT = "x-amzn-sagemaker-target-variant";
const SESSION_ID = "x-amzn-sagemaker-session-id";

/**
 * Whether the model may run twice for a call without harm. An enqueue and the opening of a session must not,
 * and what stands in an open session has an order.
 */
export function isHedgeable({ call, request }: CallArgs): boolean {
  return request !== undefined && call.isRepeatable && request.headers[SESSION_ID] === undefined;
}

/** Where the hedge beside an attempt goes, whose variant the call may have named, or a split have chosen. */
export function hedgeTargetOf(
  { call, target: sentTo }: Attempt,
  { variants, random }: HedgeSettings,
): Target {
  const { target } = call;
  const names = variants.get(target.endpoint);
  if (names === undefined || target.component !== undefined) return target;
  const index = sentTo.variant === undefined ? -1 : names.indexOf(sentTo.variant);
  if (index === -1 && target.variant !== undefined) return target;
  const next = index === -1 ? Math.floor(random() * names.length) : (index + 1) % names.length;
  return targetOf({
    EndpointName: target.endpoint,
    TargetVariant: names[next],
    TargetModel: target.model,
    TargetContainerHostname: target.container,
  });
}

/**
 * What a hedge sends down the stack: copies of whatever a layer changes.
 *
 * @param unsigned the request as it was before the first attempt was signed
 */
export function hedgeArgs({ input, call }: CallArgs, unsigned: HttpRequest, hedge: Attempt): CallArgs {
  const headers = { ...unsigned.headers };
  const numbered = headers["amz-sdk-request"]?.replace(/^attempt=\d+/, `attempt=${hedge.number}`);
  if (numbered !== undefined) headers["amz-sdk-request"] = numbered;
  const { variant } = hedge.target;
  if (variant !== undefined) headers[TARGET_VARIANT] = variant;
  return {
    input: variant === undefined ? input : { ...input, TargetVariant: variant },
    request: { ...unsigned, headers },
    call,
    attempt: hedge,
  };
}
