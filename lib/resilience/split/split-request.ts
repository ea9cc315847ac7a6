import type { Attempt } from "../../attempt.ts";
import type { HttpRequest } from "../../http.ts";
import { targetOf } from "../../target.ts";
import type { CallArgs } from "../../types.ts";
import type { SplitVariant } from "./split-variant.ts";

const TARGET_VARIANT = "x-amzn-sagemaker-target-variant";
const SESSION_ID = "x-amzn-sagemaker-session-id";

/** Whether any variant may answer: the caller named none, nor a hedge, nor what belongs to one. */
export function isSplittable({ call, request, attempt }: CallArgs): boolean {
  const { variant, component } = attempt?.target ?? call.target;
  if (request === undefined || variant !== undefined || component !== undefined) return false;
  return call.operation.name !== "InvokeEndpointAsync" && request.headers[SESSION_ID] === undefined;
}

/** Aims an attempt at a variant. The request is the call's own, as it is before signing: each attempt writes its name. */
export function routeTo({ name, target }: SplitVariant, request: HttpRequest, attempt: Attempt): void {
  request.headers[TARGET_VARIANT] = name;
  const asked = attempt.call.target;
  attempt.target =
    asked.key === asked.endpoint
      ? target
      : targetOf({
          EndpointName: asked.endpoint,
          TargetVariant: name,
          TargetModel: asked.model,
          TargetContainerHostname: asked.container,
        });
}
