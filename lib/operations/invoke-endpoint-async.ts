import type { BlobPayloadInputTypes } from "@smithy/types";
import { InvalidInputError } from "../errors/local-errors.ts";
import { isPayload, payloadBytes } from "../protocol/payload.ts";
import {
  CUSTOM_ATTRIBUTES,
  FILENAME,
  ID,
  INPUT_LOCATION,
  INVOCATION_TIMEOUT_SECONDS,
  MIME_TYPE,
  OUTPUT_PATH_EXTENSION,
  REQUEST_TTL_SECONDS,
} from "../protocol/rules.ts";
import { INFERENCE_ID_BODY } from "../protocol/whole-body.ts";
import type { OutputWithMetadata } from "../types.ts";
import { defineOperation } from "./define-operation.ts";
import type { Operation } from "./operation.ts";

/** Largest inline `Body` of an asynchronous request, in bytes: the limit of the service's API model. */
const MAX_INLINE_BYTES = 128_000;

/** Members of an InvokeEndpointAsync request, as the service's API model has them. */
export interface InvokeEndpointAsyncInput {
  /** Name of the endpoint: up to 63 letters, digits and inner hyphens. */
  EndpointName: string | undefined;
  /** MIME type of the object at `InputLocation`, or of `Body`. */
  ContentType?: string | undefined;
  /** MIME type that the model is asked to answer in. */
  Accept?: string | undefined;
  /** Free text that is handed to the model as it is: up to 1024 printable ASCII characters. */
  CustomAttributes?: string | undefined;
  /** Name of the request: up to 64 printable ASCII characters. Default: the service makes one. */
  InferenceId?: string | undefined;
  /** S3 object that the model is asked with. Exactly one of this and `Body` is given. */
  InputLocation?: string | undefined;
  /** Path below the endpoint's S3 output prefix that the result is written to. */
  S3OutputPathExtension?: string | undefined;
  /** Name of the result's object. */
  Filename?: string | undefined;
  /** How long the request may wait in the queue, in seconds: 60 to 21600. Default: 21600. */
  RequestTTLSeconds?: number | undefined;
  /** How long the model may take, in seconds: 1 to 3600. Default: 900. */
  InvocationTimeoutSeconds?: number | undefined;
  /** What the model is asked, sent along: up to 128,000 bytes. Exactly one of this and `InputLocation` is given. */
  Body?: Uint8Array | undefined;
}

/** Members of an InvokeEndpointAsync answer: the request was queued, and this is where its result will be. */
export interface InvokeEndpointAsyncOutput {
  /** Name of the request. */
  InferenceId?: string | undefined;
  /** S3 object that the result will be written to. */
  OutputLocation?: string | undefined;
  /** S3 object that a failure will be written to, where the endpoint is configured to. */
  FailureLocation?: string | undefined;
}

export interface InvokeEndpointAsyncCommandInput extends Omit<InvokeEndpointAsyncInput, "Body"> {
  /**
   * What the model is asked, sent along: text (sent as UTF-8) or memory, 1 to 128,000 bytes. Streams and
   * Blobs, which the type has as the official client's has them, are refused with an InvalidInputError.
   */
  Body?: BlobPayloadInputTypes;
}

export interface InvokeEndpointAsyncCommandOutput extends InvokeEndpointAsyncOutput, OutputWithMetadata {}

/** Queues a request. It is never repeated by itself: that would queue it twice. */
export const invokeEndpointAsync: Operation = /* @__PURE__ */ defineOperation<
  InvokeEndpointAsyncCommandInput,
  InvokeEndpointAsyncCommandOutput
>({
  name: "InvokeEndpointAsync",
  path: "async-invocations",
  isStreaming: false,
  payload: { isRequired: false, maxBytes: MAX_INLINE_BYTES },
  // HTTP's own Content-Type and Accept are not the model's here, unlike in InvokeEndpoint.
  input: {
    ContentType: { header: "x-amzn-sagemaker-content-type", rule: MIME_TYPE },
    Accept: { header: "x-amzn-sagemaker-accept", rule: MIME_TYPE },
    CustomAttributes: { header: "x-amzn-sagemaker-custom-attributes", rule: CUSTOM_ATTRIBUTES },
    InferenceId: { header: "x-amzn-sagemaker-inference-id", rule: ID },
    InputLocation: { header: "x-amzn-sagemaker-inputlocation", rule: INPUT_LOCATION },
    S3OutputPathExtension: { header: "x-amzn-sagemaker-s3outputpathextension", rule: OUTPUT_PATH_EXTENSION },
    Filename: { header: "x-amzn-sagemaker-filename", rule: FILENAME },
    RequestTTLSeconds: { header: "x-amzn-sagemaker-requestttlseconds", rule: REQUEST_TTL_SECONDS },
    InvocationTimeoutSeconds: {
      header: "x-amzn-sagemaker-invocationtimeoutseconds",
      rule: INVOCATION_TIMEOUT_SECONDS,
    },
  },
  validateTogether: requireOneSource,
  isRepeatable: () => false,
  output: {
    OutputLocation: "x-amzn-sagemaker-outputlocation",
    FailureLocation: "x-amzn-sagemaker-failurelocation",
  },
  body: INFERENCE_ID_BODY,
});

/** An empty `Body` counts as none: on the wire it is the same. */
function requireOneSource(input: Readonly<Record<string, unknown>>): void {
  const hasLocation = (input.InputLocation ?? undefined) !== undefined;
  const hasBody = (input.Body ?? undefined) !== undefined && !isEmpty(input.Body);
  if (hasLocation === hasBody) {
    const given = hasBody ? "both" : "neither";
    throw new InvalidInputError("InputLocation", "given where Body is not, and only there", given);
  }
}

function isEmpty(body: unknown): boolean {
  return isPayload(body) && payloadBytes(body) === 0;
}
