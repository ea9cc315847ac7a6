import type { BlobPayloadInputTypes } from "@smithy/types";
import { ANY_SIZE } from "../protocol/payload.ts";
import type { ResponseBytes } from "../protocol/response-bytes.ts";
import {
  CUSTOM_ATTRIBUTES,
  EXPLANATIONS_EXPRESSION,
  ID,
  MIME_TYPE,
  NEW_SESSION,
  RESOURCE_NAME,
  SESSION_ID_OR_NEW,
  TARGET_MODEL,
} from "../protocol/rules.ts";
import { BYTES_BODY } from "../protocol/whole-body.ts";
import type { OutputWithMetadata } from "../types.ts";
import { defineOperation } from "./define-operation.ts";
import type { Operation } from "./operation.ts";

/** Members of an InvokeEndpoint request, as the service's API model has them. */
export interface InvokeEndpointInput {
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
  /** The model to ask on a multi-model endpoint: its path below the endpoint's S3 prefix. */
  TargetModel?: string | undefined;
  /** The production variant to ask, instead of one drawn by weight. */
  TargetVariant?: string | undefined;
  /** The container to ask on an endpoint with direct invocation. */
  TargetContainerHostname?: string | undefined;
  /** Id that captured data carries: up to 64 printable ASCII characters. It does not make a call idempotent. */
  InferenceId?: string | undefined;
  /** JMESPath expression that says which records are explained. */
  EnableExplanations?: string | undefined;
  /** The inference component to ask; must be given on an endpoint that has them. */
  InferenceComponentName?: string | undefined;
  /** `NEW_SESSION` opens a session with a stateful model; the id of an open one goes on with it. */
  SessionId?: string | undefined;
  /** Routing hint of the caller's choice, for endpoints that route by prefix. */
  PrefixAwareId?: string | undefined;
}

/** Members of an InvokeEndpoint answer, as the service's API model has them. */
export interface InvokeEndpointOutput {
  /** What the model answered. */
  Body: Uint8Array | undefined;
  /** MIME type of `Body`. */
  ContentType?: string | undefined;
  /** The production variant that answered. */
  InvokedProductionVariant?: string | undefined;
  /** Free text that the model sent along. */
  CustomAttributes?: string | undefined;
  /** `ID; Expires=TIME` of a session that this call opened. */
  NewSessionId?: string | undefined;
  /** Id of a session that this call closed. */
  ClosedSessionId?: string | undefined;
}

export interface InvokeEndpointCommandInput extends Omit<InvokeEndpointInput, "Body"> {
  /**
   * What the model is asked: text (sent as UTF-8) or memory. The type also has streams and Blobs, as the
   * official client's has; they are refused with an InvalidInputError, because a call that may be repeated
   * needs its whole payload.
   */
  Body: BlobPayloadInputTypes;
}

export interface InvokeEndpointCommandOutput extends Omit<InvokeEndpointOutput, "Body">, OutputWithMetadata {
  /** What the model answered; empty where it answered nothing. */
  Body: ResponseBytes;
}

/** Asks a model and waits for its whole answer. */
export const invokeEndpoint: Operation = /* @__PURE__ */ defineOperation<
  InvokeEndpointCommandInput,
  InvokeEndpointCommandOutput
>({
  name: "InvokeEndpoint",
  path: "invocations",
  isStreaming: false,
  payload: { isRequired: true, maxBytes: ANY_SIZE },
  input: {
    ContentType: { header: "content-type", rule: MIME_TYPE },
    Accept: { header: "accept", rule: MIME_TYPE },
    CustomAttributes: { header: "x-amzn-sagemaker-custom-attributes", rule: CUSTOM_ATTRIBUTES },
    TargetModel: { header: "x-amzn-sagemaker-target-model", rule: TARGET_MODEL },
    TargetVariant: { header: "x-amzn-sagemaker-target-variant", rule: RESOURCE_NAME },
    TargetContainerHostname: { header: "x-amzn-sagemaker-target-container-hostname", rule: RESOURCE_NAME },
    InferenceId: { header: "x-amzn-sagemaker-inference-id", rule: ID },
    EnableExplanations: { header: "x-amzn-sagemaker-enable-explanations", rule: EXPLANATIONS_EXPRESSION },
    InferenceComponentName: { header: "x-amzn-sagemaker-inference-component", rule: RESOURCE_NAME },
    SessionId: { header: "x-amzn-sagemaker-session-id", rule: SESSION_ID_OR_NEW },
    PrefixAwareId: { header: "x-amzn-sagemaker-prefix-aware-id", rule: ID },
  },
  isRepeatable: (input) => input.SessionId !== NEW_SESSION,
  output: {
    ContentType: "content-type",
    InvokedProductionVariant: "x-amzn-invoked-production-variant",
    CustomAttributes: "x-amzn-sagemaker-custom-attributes",
    NewSessionId: "x-amzn-sagemaker-new-session-id",
    ClosedSessionId: "x-amzn-sagemaker-closed-session-id",
  },
  body: BYTES_BODY,
});
