import type { BlobPayloadInputTypes } from "@smithy/types";
import { EVENT_BODY } from "../event-stream/event-body.ts";
import type { ResponseStreamBody } from "../event-stream/response-stream.ts";
import type { ResponseStream } from "../event-stream/types.ts";
import { ANY_SIZE } from "../protocol/payload.ts";
import { CUSTOM_ATTRIBUTES, ID, MIME_TYPE, RESOURCE_NAME, SESSION_ID } from "../protocol/rules.ts";
import type { OutputWithMetadata } from "../types.ts";
import { defineOperation } from "./define-operation.ts";
import type { Operation } from "./operation.ts";

/** Members of an InvokeEndpointWithResponseStream request, as the service's API model has them. */
export interface InvokeEndpointWithResponseStreamInput {
  /** Name of the endpoint: up to 63 letters, digits and inner hyphens. */
  EndpointName: string | undefined;
  /** What the model is asked, in the form that `ContentType` names. */
  Body: Uint8Array | undefined;
  /** MIME type of `Body`. Default: `application/octet-stream`. */
  ContentType?: string | undefined;
  /** MIME type that the model is asked to answer in. */
  Accept?: string | undefined;
  /** Free text that is handed to the model as it is: up to 1024 printable ASCII characters. */
  CustomAttributes?: string | undefined;
  /** The production variant to ask, instead of one drawn by weight. */
  TargetVariant?: string | undefined;
  /** The container to ask on an endpoint with direct invocation. */
  TargetContainerHostname?: string | undefined;
  /** Id that captured data carries: up to 64 printable ASCII characters. It does not make a call idempotent. */
  InferenceId?: string | undefined;
  /** The inference component to ask; must be given on an endpoint that has them. */
  InferenceComponentName?: string | undefined;
  /** Id of an open session. This operation opens none: InvokeEndpoint does. */
  SessionId?: string | undefined;
  /** Routing hint of the caller's choice, for endpoints that route by prefix. */
  PrefixAwareId?: string | undefined;
}

/** Members of an InvokeEndpointWithResponseStream answer, as the service's API model has them. */
export interface InvokeEndpointWithResponseStreamOutput {
  /** What the model answers, part by part. */
  Body: AsyncIterable<ResponseStream> | undefined;
  /** MIME type of what the model answers. */
  ContentType?: string | undefined;
  /** The production variant that answers. */
  InvokedProductionVariant?: string | undefined;
  /** Free text that the model sent along. */
  CustomAttributes?: string | undefined;
}

export interface InvokeEndpointWithResponseStreamCommandInput
  extends Omit<InvokeEndpointWithResponseStreamInput, "Body"> {
  /**
   * What the model is asked: text (sent as UTF-8) or memory. The type also has streams and Blobs, as the
   * official client's has; they are refused with an InvalidInputError, because a call that may be repeated
   * needs its whole payload.
   */
  Body: BlobPayloadInputTypes;
}

export interface InvokeEndpointWithResponseStreamCommandOutput
  extends Omit<InvokeEndpointWithResponseStreamOutput, "Body">,
    OutputWithMetadata {
  /** What the model answers, part by part as it comes. Leaving the loop cancels the answer. */
  Body: ResponseStreamBody;
}

/** Asks a model and hands out its answer while it is being made. */
export const invokeEndpointWithResponseStream: Operation = /* @__PURE__ */ defineOperation<
  InvokeEndpointWithResponseStreamCommandInput,
  InvokeEndpointWithResponseStreamCommandOutput
>({
  name: "InvokeEndpointWithResponseStream",
  path: "invocations-response-stream",
  isStreaming: true,
  payload: { isRequired: true, maxBytes: ANY_SIZE },
  // HTTP's own Content-Type is the model's in the request; in the answer it is the event stream's.
  input: {
    ContentType: { header: "content-type", rule: MIME_TYPE },
    Accept: { header: "x-amzn-sagemaker-accept", rule: MIME_TYPE },
    CustomAttributes: { header: "x-amzn-sagemaker-custom-attributes", rule: CUSTOM_ATTRIBUTES },
    TargetVariant: { header: "x-amzn-sagemaker-target-variant", rule: RESOURCE_NAME },
    TargetContainerHostname: { header: "x-amzn-sagemaker-target-container-hostname", rule: RESOURCE_NAME },
    InferenceId: { header: "x-amzn-sagemaker-inference-id", rule: ID },
    InferenceComponentName: { header: "x-amzn-sagemaker-inference-component", rule: RESOURCE_NAME },
    SessionId: { header: "x-amzn-sagemaker-session-id", rule: SESSION_ID },
    PrefixAwareId: { header: "x-amzn-sagemaker-prefix-aware-id", rule: ID },
  },
  isRepeatable: () => true,
  output: {
    ContentType: "x-amzn-sagemaker-content-type",
    InvokedProductionVariant: "x-amzn-invoked-production-variant",
    CustomAttributes: "x-amzn-sagemaker-custom-attributes",
  },
  body: EVENT_BODY,
});
