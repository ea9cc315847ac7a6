import { randomUUID } from "node:crypto";
import type { Invocation, LocalContext } from "../context.ts";
import { ServiceError, validationError } from "../errors.ts";
import { outcomeOf } from "../http/answer-error.ts";
import type { Exchange } from "../http/exchange.ts";
import { locationOf, type ObjectAddress, parseLocation } from "../store/object-store.ts";

/** The bucket of results and failures. */
export const RESULT_BUCKET = "holdfast-local";

/** Largest inline input in bytes: the service's limit. */
const MAX_INLINE_BYTES = 128_000;

/** The service's defaults, in seconds. */
const DEFAULT_TTL_SECONDS = "21600";
const DEFAULT_INVOCATION_TIMEOUT_SECONDS = "900";

/** InvokeEndpointAsync: queues the invocation and says where its result will be. Gives the outcome. */
export async function enqueue(
  { queue, clock }: LocalContext,
  exchange: Exchange,
  invocation: Invocation,
): Promise<string> {
  const { headers } = invocation;
  const ttlSeconds = headers["x-amzn-sagemaker-requestttlseconds"] ?? DEFAULT_TTL_SECONDS;
  const timeoutSeconds =
    headers["x-amzn-sagemaker-invocationtimeoutseconds"] ?? DEFAULT_INVOCATION_TIMEOUT_SECONDS;
  const { output, failure } = resultAddresses(invocation);
  const isAccepted = queue.enqueue({
    invocation,
    input: inputOf(invocation),
    invocationTimeoutMs: Number(timeoutSeconds) * 1000,
    expiresAt: clock.now() + Number(ttlSeconds) * 1000,
    output,
    failure,
  });
  if (!isAccepted) throw new ServiceError(400, "ThrottlingException", "Too many requests are queued.");
  const inferenceId = headers["x-amzn-sagemaker-inference-id"] ?? randomUUID();
  const answerHeaders = {
    "content-type": "application/json",
    "X-Amzn-SageMaker-OutputLocation": locationOf(output),
    "X-Amzn-SageMaker-FailureLocation": locationOf(failure),
  };
  const end = await exchange.answer(202, answerHeaders, JSON.stringify({ InferenceId: inferenceId }));
  return outcomeOf(end, "ok");
}

/** @throws {ServiceError} ValidationError unless there is exactly one input that can be read */
function inputOf({ headers, body }: Invocation): Uint8Array | ObjectAddress {
  const location = headers["x-amzn-sagemaker-inputlocation"];
  if (location === undefined) {
    if (body.length === 0)
      throw validationError("Exactly one of InputLocation and Body is required: got neither.");
    if (body.length <= MAX_INLINE_BYTES) return body;
    throw validationError(
      `Body must be at most ${MAX_INLINE_BYTES} bytes, got ${body.length}: use InputLocation.`,
    );
  }
  if (body.length > 0) throw validationError("Exactly one of InputLocation and Body is required: got both.");
  const address = parseLocation(location);
  if (address !== undefined) return address;
  throw validationError(
    `InputLocation '${location}' cannot be read: the local endpoint reads s3://bucket/key of its own store only. ` +
      "Put the input there with S3's PutObject at the endpoint's URL.",
  );
}

function resultAddresses({ endpointName, headers }: Invocation): {
  output: ObjectAddress;
  failure: ObjectAddress;
} {
  const id = randomUUID();
  const extension = headers["x-amzn-sagemaker-s3outputpathextension"]?.split("/") ?? [];
  const fileName = headers["x-amzn-sagemaker-filename"] ?? `${id}.out`;
  const path = ["async-outputs", endpointName, ...extension.filter((segment) => segment !== ""), fileName];
  return {
    output: { bucket: RESULT_BUCKET, key: path.join("/") },
    failure: { bucket: RESULT_BUCKET, key: `async-failures/${endpointName}/${id}-error.out` },
  };
}
