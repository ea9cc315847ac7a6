import * as official from "@aws-sdk/client-sagemaker-runtime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exceptionFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import * as holdfast from "../../lib/index.ts";
import type { Operation } from "../../lib/operations/operation.ts";
import { deferred } from "../support/deferred.ts";
import { DOCUMENTED_ERRORS } from "../support/documented-errors.ts";
import { INPUTS } from "../support/inputs.ts";
import { comparableError, withoutRetryCounts } from "../support/official-wire.ts";
import { type CannedAnswer, type RecordedRequest, RecordingServer } from "../support/recording-server.ts";
import { CREDENTIALS, REGION } from "../support/signing.ts";
import { CALL_DIFFERENCES } from "./intended-differences.ts";

const OPERATIONS: Operation["name"][] = [
  "InvokeEndpoint",
  "InvokeEndpointAsync",
  "InvokeEndpointWithResponseStream",
];

/** Differ from call to call, or between any two clients. */
const VOLATILE = new Set([
  "authorization",
  "x-amz-date",
  "amz-sdk-invocation-id",
  "user-agent",
  "x-amz-user-agent",
]);

/** Belong to the connection and not to the request. */
const HOP_BY_HOP = new Set(["connection", "keep-alive"]);

let server: RecordingServer;
let theirs: official.SageMakerRuntimeClient;
let ours: holdfast.SageMakerRuntimeClient;

beforeAll(async () => {
  server = await RecordingServer.start();
  const config = { region: REGION, credentials: CREDENTIALS, endpoint: server.url, maxAttempts: 1 };
  theirs = new official.SageMakerRuntimeClient(config);
  ours = new holdfast.SageMakerRuntimeClient({ ...config, retry: { warmUp: false }, circuitBreaker: false });
});

afterAll(async () => {
  theirs.destroy();
  ours.destroy();
  await server[Symbol.asyncDispose]();
});

type Result = { readonly output?: Record<string, unknown>; readonly error?: unknown };

/** Sends the same command with either client; both have command classes of the same names. */
async function send(
  library: typeof official | typeof holdfast,
  operation: Operation["name"],
  input: object,
): Promise<Result> {
  const client = library === official ? theirs : ours;
  const CommandClass = library[`${operation}Command`] as new (input: object) => never;
  try {
    const output = await (client.send as (command: never) => Promise<object>).call(
      client,
      new CommandClass(input),
    );
    return { output: { ...output } };
  } catch (error) {
    return { error };
  }
}

async function sendBoth(operation: Operation["name"], input: object) {
  server.requests.length = 0;
  const their = await send(official, operation, input);
  const our = await send(holdfast, operation, input);
  const [theirRequest, ourRequest] = server.requests as [RecordedRequest, RecordedRequest];
  return { their, our, theirRequest, ourRequest };
}

function comparable({ method, url, headers, body }: RecordedRequest) {
  const names = Object.keys(headers).filter((name) => !HOP_BY_HOP.has(name) && name !== "x-amz-user-agent");
  const shown = names.sort().map((name) => [name, VOLATILE.has(name) ? "" : headers[name]]);
  return { method, url, headers: shown, signed: signedNames(headers.authorization), body };
}

function signedNames(authorization = ""): string[] {
  const names = /SignedHeaders=([^,]*)/.exec(authorization)?.[1]?.split(";") ?? [];
  return names.filter((name) => name !== "x-amz-user-agent");
}

const INPUT = { EndpointName: "ep", Body: "x" };

describe("over sockets, a request", () => {
  it.each(OPERATIONS)("of %s is the official client's, for every valid input", async (operation) => {
    server.answer = { status: 200, body: "{}" };
    const property = fc.asyncProperty(INPUTS[operation], async (input) => {
      const { theirRequest, ourRequest } = await sendBoth(operation, input);
      expect(comparable(ourRequest)).toEqual(comparable(theirRequest));
    });
    await fc.assert(property, { numRuns: 40 });
  });
});

describe("over sockets, an answer", () => {
  const headers = {
    "content-type": "text/csv",
    "x-amzn-requestid": "request-1",
    "x-amz-id-2": "extended-1",
    "x-amzn-invoked-production-variant": "blue",
    "x-amzn-sagemaker-custom-attributes": "trace=1",
    "x-amzn-sagemaker-new-session-id": "s-1; Expires=2026-01-02T03:04:05Z",
    "x-amzn-sagemaker-outputlocation": "s3://bucket/out",
    "x-amzn-sagemaker-content-type": "text/plain",
  };

  it.each(OPERATIONS)("to %s gives the official client's output", async (operation) => {
    const body =
      operation === "InvokeEndpointWithResponseStream"
        ? payloadPartFrame(Buffer.from("hi"))
        : '{"InferenceId":"i"}';
    server.answer = { status: operation === "InvokeEndpointAsync" ? 202 : 200, headers, body };
    const { their, our } = await sendBoth(operation, INPUT);
    expect(await readable(our)).toEqual(await readable(their));
  });

  it.each(DOCUMENTED_ERRORS)("with %s (%s) gives the official client's error", async (code, status) => {
    const body = JSON.stringify({
      Message: "said so",
      OriginalStatusCode: 500,
      OriginalMessage: "m",
      ErrorCode: "E",
    });
    server.answer = { status, headers: { ...headers, "x-amzn-errortype": code }, body };
    for (const operation of OPERATIONS) {
      const { their, our } = await sendBoth(operation, INPUT);
      expect(comparableError(our.error)).toEqual(comparableError(their.error));
      expect((our.error as { $metadata: object }).$metadata).toMatchObject({
        attempts: 1,
        totalRetryDelay: 0,
      });
    }
  });

  it("that breaks off in a stream with an exception gives the official client's error", async () => {
    const failure = exceptionFrame("ModelStreamError", { Message: "m", ErrorCode: "StreamBroken" });
    const part = payloadPartFrame(Buffer.from("hi"));
    server.answer = { status: 200, headers, body: Buffer.concat([part, failure]) };
    const { their, our } = await sendBoth("InvokeEndpointWithResponseStream", INPUT);
    const [theirParts, ourParts] = [await parts(their), await parts(our)];
    expect(ourParts.texts).toEqual(theirParts.texts);
    expect(ourParts.error).toMatchObject({ name: "ModelStreamError", ErrorCode: "StreamBroken" });
    expect(ourParts.error).toBeInstanceOf(official.ModelStreamError);
    expect((theirParts.error as Error).message).toBe((ourParts.error as Error).message);
  });
});

async function readable({ output, error }: Result) {
  if (output === undefined) throw error;
  const { Body, ...rest } = withoutRetryCounts(output);
  if (Body instanceof Uint8Array) return { ...rest, bytes: Buffer.from(Body).toString("hex") };
  return { ...rest, parts: Body === undefined ? undefined : (await parts({ output })).texts };
}

async function parts({ output, error }: Result) {
  if (output === undefined) throw error;
  const texts: string[] = [];
  try {
    for await (const event of output.Body as AsyncIterable<official.ResponseStream>) {
      texts.push(Buffer.from(event.PayloadPart?.Bytes ?? []).toString());
    }
  } catch (broken) {
    return { texts, error: broken };
  }
  return { texts, error: undefined };
}

/** For each entry of the list, what the two clients really do. */
const SHOWN: Readonly<Record<(typeof CALL_DIFFERENCES)[number]["name"], () => Promise<void>>> = {
  async "the user agent names this client"() {
    server.answer = { status: 200 };
    const { theirRequest, ourRequest } = await sendBoth("InvokeEndpoint", INPUT);
    expect(theirRequest.headers["user-agent"]).toMatch(/^aws-sdk-js\//);
    expect(theirRequest.headers).toHaveProperty("x-amz-user-agent");
    expect(ourRequest.headers["user-agent"]).toMatch(/^holdfast\//);
    expect(ourRequest.headers).not.toHaveProperty("x-amz-user-agent");
  },

  async "a model that is loading is waited for"() {
    const attempts = await attemptsOfBoth(
      { status: 429, headers: { "x-amzn-errortype": "ModelNotReadyException" } },
      20,
    );
    expect(attempts.theirs).toBe(3);
    expect(attempts.ours).toBeGreaterThan(3);
  },

  async "530 is tried again"() {
    const answer = { status: 530, headers: { "x-amzn-errortype": "InternalDependencyException" } };
    expect(await attemptsOfBoth(answer, 1)).toEqual({ theirs: 1, ours: 3 });
  },

  async "every wait is bounded"() {
    server.answer = undefined;
    const impatient = new holdfast.SageMakerRuntimeClient({ ...location(), timeouts: { socketMs: 200 } });
    const gaveUp = impatient.send(new holdfast.InvokeEndpointCommand(INPUT));
    await expect(gaveUp).rejects.toMatchObject({ name: "TimeoutError", clock: "socket" });
    impatient.destroy();
    const controller = new AbortController();
    let isOver = false;
    const waiting = theirs.send(new official.InvokeEndpointCommand(INPUT), {
      abortSignal: controller.signal,
    });
    const ended = waiting
      .catch(() => {})
      .finally(() => {
        isOver = true;
      });
    const patient = new holdfast.SageMakerRuntimeClient({ ...location(), timeouts: { socketMs: 400 } });
    await patient.send(new holdfast.InvokeEndpointCommand(INPUT)).catch(() => {});
    patient.destroy();
    expect(isOver).toBe(false);
    controller.abort();
    await ended;
  },

  async "a stream's call resolves at its head"() {
    const ourHead = deferred();
    const body = payloadPartFrame(Buffer.from("late"));
    server.answer = { status: 200, body, bodyAfter: ourHead.promise };
    const order: string[] = [];
    const command = new holdfast.InvokeEndpointWithResponseStreamCommand(INPUT);
    const our = ours.send(command).then((output) => {
      order.push("ours");
      ourHead.resolve();
      return output.Body.text();
    });
    const their = theirs
      .send(new official.InvokeEndpointWithResponseStreamCommand(INPUT))
      .then(() => order.push("theirs"));
    await Promise.all([our.then(() => order.push("first part")), their]);
    expect(order[0]).toBe("ours");
    expect(order.indexOf("theirs")).toBeGreaterThan(0);
  },
};

function location() {
  return { region: REGION, credentials: CREDENTIALS, endpoint: server.url };
}

/** Attempts of one call that never succeeds, with three attempts allowed. */
async function attemptsOfBoth(answer: CannedAnswer, warmUpDelayMs: number) {
  server.answer = answer;
  const warmUp = { initialDelayMs: warmUpDelayMs, maxDelayMs: warmUpDelayMs, maxWaitMs: 500 };
  const their = new official.SageMakerRuntimeClient({ ...location(), maxAttempts: 3 });
  const our = new holdfast.SageMakerRuntimeClient({ ...location(), retry: { warmUp } });
  server.requests.length = 0;
  await expect(their.send(new official.InvokeEndpointCommand(INPUT))).rejects.toThrow();
  const theirs = server.requests.length;
  await expect(our.send(new holdfast.InvokeEndpointCommand(INPUT))).rejects.toThrow();
  their.destroy();
  our.destroy();
  return { theirs, ours: server.requests.length - theirs };
}

describe("what differs on purpose of a call", () => {
  it.each(CALL_DIFFERENCES)("$name", async ({ name, reason }) => {
    expect(reason).not.toBe("");
    await SHOWN[name]();
  });
});
