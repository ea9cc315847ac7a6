import type { OpenStreamClient, Target } from "../client.ts";
import { answerBody } from "../server/answers.ts";
import { median } from "../statistics.ts";
import { answerTask } from "./answer-task.ts";
import { openClient, requestBody } from "./opened.ts";

export interface StreamsPlan {
  readonly warmUpStreams: number;
  /** Streams that are measured, one after another. */
  readonly streams: number;
}

export interface StreamsInput {
  readonly clientUrl: string;
  readonly target: Target;
  readonly requestBytes: number;
  readonly parts: number;
  readonly partBytes: number;
  readonly plan: StreamsPlan;
}

export interface StreamsSample {
  readonly cpuUsPerPart: number;
  /** Median time from the call to its first part, in microseconds. */
  readonly firstPartUs: number;
  readonly calls: number;
}

await answerTask(measureStreams);

async function measureStreams(input: StreamsInput): Promise<StreamsSample> {
  const { parts, plan } = input;
  const client = await openClient<OpenStreamClient>(input.clientUrl, input.target);
  await readStream(client, input, Buffer.compare);
  for (let stream = 1; stream < plan.warmUpStreams; stream++) await readStream(client, input);
  globalThis.gc?.();
  const cpuBefore = process.cpuUsage();
  const firstPartUs: number[] = [];
  for (let stream = 0; stream < plan.streams; stream++) firstPartUs.push(await readStream(client, input));
  const { user, system } = process.cpuUsage(cpuBefore);
  await client.close();
  return {
    cpuUsPerPart: (user + system) / (plan.streams * parts),
    firstPartUs: median(firstPartUs),
    calls: plan.warmUpStreams + plan.streams,
  };
}

/**
 * Reads one stream to its end, and returns the time to its first part in microseconds.
 *
 * @throws {Error} where a part has another length, or with `compare` other bytes, or there are not as many as were sent
 */
async function readStream(
  client: OpenStreamClient,
  { requestBytes, parts, partBytes }: StreamsInput,
  compare?: (a: Uint8Array, b: Uint8Array) => number,
): Promise<number> {
  const request = requestBody({ requestBytes });
  const expected = answerBody(partBytes);
  const startedAt = performance.now();
  let firstPartUs = 0;
  let count = 0;
  for await (const bytes of client.stream(request)) {
    if (count++ === 0) firstPartUs = (performance.now() - startedAt) * 1_000;
    if (bytes.byteLength !== partBytes) throw new Error(`a part of ${bytes.byteLength} bytes`);
    if (compare !== undefined && compare(bytes, expected) !== 0) throw new Error("a part with other bytes");
  }
  if (count !== parts) throw new Error(`a stream of ${count} parts, expected ${parts}`);
  return firstPartUs;
}
