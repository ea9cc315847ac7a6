import { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  ModelStreamError,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContainerRequest, ContainerResponse, LocalEndpoint } from "../../lib/local/index.ts";
import { startLocalEndpoint } from "../../lib/local/index.ts";

/** Answers by what the body asks for. */
function container({ body, headers }: ContainerRequest): ContainerResponse {
  const text = Buffer.from(body).toString();
  if (text === "fail") return { status: 400, body: "bad row" };
  if (text === "break") return { body: breakingStream() };
  if (text === "stream") return { headers: { "content-type": "text/plain" }, body: wordStream() };
  return {
    headers: {
      "content-type": "text/csv",
      "x-amzn-sagemaker-custom-attributes": `got ${headers["x-amzn-sagemaker-custom-attributes"]}`,
    },
    body: text.toUpperCase(),
  };
}

async function* wordStream() {
  yield "one ";
  yield "two ";
  yield "three";
}

async function* breakingStream() {
  yield "one";
  throw new Error("out of memory");
}

describe("the official JavaScript clients against the local endpoint", () => {
  let endpoint: LocalEndpoint;
  let runtime: SageMakerRuntimeClient;
  let s3: S3Client;

  function clientConfig(secretAccessKey = "local") {
    return {
      region: "eu-west-1",
      endpoint: endpoint.url,
      maxAttempts: 1,
      credentials: { accessKeyId: "local", secretAccessKey },
    };
  }

  beforeAll(async () => {
    endpoint = await startLocalEndpoint({ variants: [{ name: "blue", weight: 1, container }] });
    runtime = new SageMakerRuntimeClient(clientConfig());
    s3 = new S3Client({ ...clientConfig(), forcePathStyle: true });
  });

  afterAll(async () => {
    runtime.destroy();
    s3.destroy();
    await endpoint.close();
  });

  it("invoke", async () => {
    const out = await runtime.send(
      new InvokeEndpointCommand({
        EndpointName: "churn",
        ContentType: "text/csv",
        CustomAttributes: "trace=1",
        Body: Buffer.from("a,b"),
      }),
    );
    expect(out.Body.transformToString()).toBe("A,B");
    expect(out.ContentType).toBe("text/csv");
    expect(out.InvokedProductionVariant).toBe("blue");
    expect(out.CustomAttributes).toBe("got trace=1");
    expect(out.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("get a typed ModelError for what the container refuses", async () => {
    const error = await runtime
      .send(new InvokeEndpointCommand({ EndpointName: "churn", Body: Buffer.from("fail") }))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ModelError);
    const { message, OriginalStatusCode, OriginalMessage, LogStreamArn, $metadata } = error as ModelError;
    expect({ OriginalStatusCode, OriginalMessage, LogStreamArn, status: $metadata.httpStatusCode }).toEqual({
      OriginalStatusCode: 400,
      OriginalMessage: "bad row",
      LogStreamArn: "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Endpoints/churn",
      status: 424,
    });
    expect(message).toContain('Received client error (400) from primary with message "bad row"');
  });

  it("stream", async () => {
    const out = await runtime.send(
      new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: Buffer.from("stream") }),
    );
    const parts: string[] = [];
    for await (const event of out.Body ?? [])
      parts.push(Buffer.from(event.PayloadPart?.Bytes ?? []).toString());
    expect(parts).toEqual(["one ", "two ", "three"]);
    expect(out.ContentType).toBe("text/plain");
    expect(out.InvokedProductionVariant).toBe("blue");
  });

  it("get a typed ModelStreamError out of a stream that the container breaks", async () => {
    const out = await runtime.send(
      new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: Buffer.from("break") }),
    );
    const read = async () => {
      for await (const _event of out.Body ?? []);
    };
    const error = await read().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ModelStreamError);
    expect((error as ModelStreamError).ErrorCode).toBe("StreamBroken");
  });

  it("enqueue, and fetch the result by GetObject", async () => {
    const out = await runtime.send(
      new InvokeEndpointAsyncCommand({
        EndpointName: "churn",
        ContentType: "text/csv",
        Body: Buffer.from("x,y"),
      }),
    );
    expect(out.$metadata.httpStatusCode).toBe(202);
    expect(out.InferenceId).toMatch(/^[0-9a-f-]{36}$/);
    const object = await poll(() => s3.send(new GetObjectCommand(addressOf(out.OutputLocation))));
    expect(await object.Body?.transformToString()).toBe("X,Y");
    expect(object.ContentType).toBe("text/csv");
  });

  it("enqueue an input put into the store, and fetch the failure", async () => {
    await s3.send(new PutObjectCommand({ Bucket: "inputs", Key: "a/b c.csv", Body: "fail" }));
    const out = await runtime.send(
      new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://inputs/a/b c.csv" }),
    );
    const failure = await poll(() => s3.send(new GetObjectCommand(addressOf(out.FailureLocation))));
    expect(await failure.Body?.transformToString()).toContain(
      'client error (400) from primary with message "bad row"',
    );
    await expect(s3.send(new GetObjectCommand(addressOf(out.OutputLocation)))).rejects.toMatchObject({
      name: "NoSuchKey",
    });
  });

  it("put an object from a stream with a trailing checksum, and head and get it", async () => {
    const address = { Bucket: "inputs", Key: "stream.bin" };
    const bytes = Buffer.from("0123456789".repeat(20_000));
    await s3.send(
      new PutObjectCommand({
        ...address,
        Body: Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]),
        ContentLength: bytes.length,
        ContentType: "text/plain",
        Metadata: { origin: "test" },
      }),
    );
    const head = await s3.send(new HeadObjectCommand(address));
    expect(head).toMatchObject({
      ContentLength: bytes.length,
      ContentType: "text/plain",
      Metadata: { origin: "test" },
    });
    const whole = await s3.send(new GetObjectCommand(address));
    expect(bytes.equals((await whole.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
    const part = await s3.send(new GetObjectCommand({ ...address, Range: "bytes=5-9" }));
    expect(await part.Body?.transformToString()).toBe("56789");
  });

  it("get 403 for a wrong secret, from both services", async () => {
    const wrongRuntime = new SageMakerRuntimeClient(clientConfig("wrong"));
    const wrongS3 = new S3Client({ ...clientConfig("wrong"), forcePathStyle: true });
    const invoke = new InvokeEndpointCommand({ EndpointName: "churn", Body: Buffer.from("a") });
    await expect(wrongRuntime.send(invoke)).rejects.toMatchObject({
      name: "InvalidSignatureException",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(wrongS3.send(new GetObjectCommand({ Bucket: "b", Key: "k" }))).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
      $metadata: { httpStatusCode: 403 },
    });
    wrongRuntime.destroy();
    wrongS3.destroy();
  });
});

function addressOf(location: string | undefined): { Bucket: string; Key: string } {
  const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location ?? "") ?? [];
  return { Bucket, Key };
}

/** Asks again while the object is not there. */
async function poll<T>(get: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await get();
    } catch (error) {
      if ((error as Error).name !== "NoSuchKey") throw error;
    }
  }
}
