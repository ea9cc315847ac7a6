/** Queues a request, then waits for its result, which is an object in S3: one of two, whichever appears. */
import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from "holdfast";

await using client = new SageMakerRuntimeClient();
// The local endpoint serves its results as S3 does, under one name for all buckets.
const s3 = new S3Client({ forcePathStyle: true });

const queued = await client.send(
  new InvokeEndpointAsyncCommand({ EndpointName: "churn", ContentType: "text/csv", Body: "1,2,3\n4,5,6" }),
);
console.log(`queued ${queued.InferenceId}`);

const deadline = Date.now() + 30_000;
let result: string | undefined;
while (result === undefined) {
  if (Date.now() > deadline) throw new Error("no result within 30 s");
  const failure = await read(queued.FailureLocation);
  if (failure !== undefined) throw new Error(`the model failed: ${failure}`);
  result = await read(queued.OutputLocation);
  if (result === undefined) await delay(100);
}
console.log(`scores: ${result.split("\n").join(", ")}`);

/** The text of an object; `undefined` as long as there is none. */
async function read(location: string | undefined): Promise<string | undefined> {
  if (location === undefined) return undefined;
  const { host: bucket, pathname } = new URL(location);
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: pathname.slice(1) }));
    return await object.Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
