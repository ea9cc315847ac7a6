import {
  InternalFailure,
  InternalStreamFailure,
  InvokeEndpointAsyncCommand,
  type InvokeEndpointAsyncCommandOutput,
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  type InvokeEndpointCommandOutput,
  InvokeEndpointWithResponseStreamCommand,
  type InvokeEndpointWithResponseStreamCommandOutput,
  ModelError,
  ModelNotReadyException,
  ModelStreamError,
  type ResponseStream,
  SageMakerRuntime,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
  SageMakerRuntimeServiceException,
  ServiceUnavailable,
  ValidationError,
} from "holdfast";

/**
 * A program as users of the official client write them. It compiles and runs against both packages with
 * nothing changed but the name of the package above.
 *
 * @returns what it saw, in a form that is the same for both
 */
export async function program(endpoint: string): Promise<string[]> {
  const config: SageMakerRuntimeClientConfig = {
    region: "us-east-1",
    endpoint,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 2,
  };
  const client = new SageMakerRuntimeClient(config);
  try {
    return [
      ...(await invoke(client)),
      await invokeAborted(client),
      ...(await stream(client)),
      await enqueue(client),
      await failing(client),
      await aggregated(config),
      ...madeErrors(),
    ];
  } finally {
    client.destroy();
  }
}

async function invoke(client: SageMakerRuntimeClient): Promise<string[]> {
  const input: InvokeEndpointCommandInput = {
    EndpointName: process.env.ENDPOINT_NAME ?? "iris",
    ContentType: "text/csv",
    Accept: "application/json",
    CustomAttributes: "trace=1",
    InferenceId: "row-1",
    Body: "5.1,3.5,1.4,0.2",
  };
  const seen: string[] = [];
  const bodies: InvokeEndpointCommandInput["Body"][] = ["1", Buffer.from("2"), new Uint8Array([51])];
  for (const Body of bodies) {
    const output: InvokeEndpointCommandOutput = await client.send(
      new InvokeEndpointCommand({ ...input, Body }),
    );
    const variant: string | undefined = output.InvokedProductionVariant;
    const text: string = output.Body.transformToString();
    const copy: Buffer = Buffer.from(output.Body);
    const decoded: string = new TextDecoder().decode(output.Body);
    const { httpStatusCode, requestId, attempts, totalRetryDelay } = output.$metadata;
    seen.push(`${httpStatusCode} ${typeof requestId} ${attempts} ${totalRetryDelay} ${typeof variant}`);
    seen.push(`${output.ContentType} ${text === decoded} ${copy.byteLength === output.Body.byteLength}`);
    seen.push(`${output.CustomAttributes} ${output.NewSessionId} ${output.ClosedSessionId}`);
  }
  return seen;
}

async function invokeAborted(client: SageMakerRuntimeClient): Promise<string> {
  const controller = new AbortController();
  controller.abort();
  const command = new InvokeEndpointCommand({ EndpointName: "iris", Body: "1" });
  try {
    await client.send(command, { abortSignal: controller.signal });
    return "not aborted";
  } catch (error) {
    return error instanceof Error ? error.name : "no error";
  }
}

async function stream(client: SageMakerRuntimeClient): Promise<string[]> {
  const command = new InvokeEndpointWithResponseStreamCommand({
    EndpointName: "iris",
    Body: "1",
    Accept: "text/plain",
  });
  const output: InvokeEndpointWithResponseStreamCommandOutput = await client.send(command);
  const chunks: Uint8Array[] = [];
  if (output.Body !== undefined) {
    for await (const event of output.Body) chunks.push(bytesOf(event));
  }
  return [
    `${output.ContentType} ${typeof output.InvokedProductionVariant}`,
    Buffer.concat(chunks).toString(),
  ];
}

function bytesOf(event: ResponseStream): Uint8Array {
  if (event.PayloadPart?.Bytes) return event.PayloadPart.Bytes;
  if (event.ModelStreamError) throw event.ModelStreamError;
  if (event.InternalStreamFailure) throw event.InternalStreamFailure;
  return new Uint8Array();
}

async function enqueue(client: SageMakerRuntimeClient): Promise<string> {
  const output: InvokeEndpointAsyncCommandOutput = await client.send(
    new InvokeEndpointAsyncCommand({
      EndpointName: "iris",
      InputLocation: "s3://bucket/rows.csv",
      ContentType: "text/csv",
      RequestTTLSeconds: 600,
      InvocationTimeoutSeconds: 60,
    }),
  );
  return [output.InferenceId, output.OutputLocation, output.FailureLocation]
    .map((member) => typeof member)
    .join();
}

async function failing(client: SageMakerRuntimeClient): Promise<string> {
  try {
    await client.send(new InvokeEndpointCommand({ EndpointName: "no-such-endpoint", Body: "1" }));
    return "no error";
  } catch (error) {
    return describeError(error);
  }
}

function describeError(error: unknown): string {
  if (error instanceof ModelError) {
    const status: number | undefined = error.OriginalStatusCode;
    return `model ${status} ${error.OriginalMessage} ${error.LogStreamArn}`;
  }
  if (error instanceof ModelNotReadyException || error instanceof ServiceUnavailable)
    return `later ${error.message}`;
  if (error instanceof ModelStreamError) return `stream ${error.ErrorCode}`;
  if (error instanceof InternalFailure || error instanceof InternalStreamFailure)
    return `service ${error.name}`;
  if (error instanceof ValidationError) {
    const fault: "client" = error.$fault;
    return `${error.name} ${fault} ${error.$metadata.httpStatusCode} ${error.$response?.statusCode}`;
  }
  if (error instanceof SageMakerRuntimeServiceException) {
    const fault: "client" | "server" = error.$fault;
    return `${error.name} ${fault} ${error.$metadata.requestId} ${error.$retryable?.throttling}`;
  }
  throw error;
}

/** Errors as the tests of users make them, to be thrown in place of an answer. */
function madeErrors(): string[] {
  const $metadata = { httpStatusCode: 424 };
  const errors = [
    new ModelError({ message: "m", $metadata, OriginalStatusCode: 500 }),
    new ModelStreamError({ message: "m", $metadata, ErrorCode: "StreamBroken" }),
    new SageMakerRuntimeServiceException({ name: "Odd", $fault: "client", message: "m", $metadata }),
  ];
  return errors.map((error) => `${String(error)} ${describeError(error)}`);
}

async function aggregated(config: SageMakerRuntimeClientConfig): Promise<string> {
  const runtime = new SageMakerRuntime(config);
  runtime.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      return result;
    },
    { step: "initialize", name: "passThrough" },
  );
  try {
    const { Body } = await runtime.invokeEndpoint({ EndpointName: "iris", Body: "1" });
    const text = await new Promise<string>((resolve, reject) => {
      runtime.invokeEndpoint({ EndpointName: "iris", Body: "1" }, (error, output) => {
        if (error || output === undefined) reject(error);
        else resolve(output.Body.transformToString());
      });
    });
    const refused = await new Promise<string>((resolve) => {
      const options = { abortSignal: AbortSignal.abort() };
      runtime.invokeEndpoint({ EndpointName: "iris", Body: "1" }, options, (error) => resolve(error.name));
    });
    return `${typeof Body.transformToString("base64")} ${text === Body.transformToString()} ${refused}`;
  } finally {
    runtime.destroy();
  }
}
