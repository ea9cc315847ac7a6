import * as official from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import * as holdfast from "../../lib/index.ts";
import { BothClients } from "../support/both-clients.ts";
import { deferred } from "../support/deferred.ts";
import { sendWith, type Whose } from "../support/plug-ins.ts";
import type { CannedAnswer } from "../support/recording-server.ts";
import { CALL_DIFFERENCES } from "./intended-differences.ts";

const INPUT = { EndpointName: "ep", Body: "x" };

let both: BothClients;

beforeAll(async () => {
  both = await BothClients.start();
});
afterAll(() => both[Symbol.asyncDispose]());

/** For each entry of the list, what the two clients really do. */
const SHOWN: Readonly<Record<(typeof CALL_DIFFERENCES)[number]["name"], () => Promise<void>>> = {
  async "the user agent names this client"() {
    both.server.answer = { status: 200 };
    const { theirRequest, ourRequest } = await both.send("InvokeEndpoint", INPUT);
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
    both.server.answer = undefined;
    const impatient = new holdfast.SageMakerRuntimeClient({ ...both.location, timeouts: { socketMs: 200 } });
    const gaveUp = impatient.send(new holdfast.InvokeEndpointCommand(INPUT));
    await expect(gaveUp).rejects.toMatchObject({ name: "TimeoutError", clock: "socket" });
    impatient.destroy();
    const controller = new AbortController();
    let isOver = false;
    const waiting = both.theirs.send(new official.InvokeEndpointCommand(INPUT), {
      abortSignal: controller.signal,
    });
    const ended = waiting
      .catch(() => {})
      .finally(() => {
        isOver = true;
      });
    const patient = new holdfast.SageMakerRuntimeClient({ ...both.location, timeouts: { socketMs: 400 } });
    await patient.send(new holdfast.InvokeEndpointCommand(INPUT)).catch(() => {});
    patient.destroy();
    expect(isOver).toBe(false);
    controller.abort();
    await ended;
  },

  async "destroy() is the end"() {
    both.server.answer = { status: 200 };
    const their = new official.SageMakerRuntimeClient(both.location);
    const our = new holdfast.SageMakerRuntimeClient(both.location);
    their.destroy();
    our.destroy();
    await expect(their.send(new official.InvokeEndpointCommand(INPUT))).resolves.toHaveProperty("Body");
    await expect(our.send(new holdfast.InvokeEndpointCommand(INPUT))).rejects.toMatchObject({
      name: "AbortError",
      message: "The client was closed",
    });
    their.destroy();
  },

  async "a stream's call resolves at its head"() {
    const ourHead = deferred();
    const body = payloadPartFrame(Buffer.from("late"));
    both.server.answer = { status: 200, body, bodyAfter: ourHead.promise };
    const order: string[] = [];
    const command = new holdfast.InvokeEndpointWithResponseStreamCommand(INPUT);
    const our = both.ours.send(command).then((output) => {
      order.push("ours");
      ourHead.resolve();
      return output.Body.text();
    });
    const their = both.theirs
      .send(new official.InvokeEndpointWithResponseStreamCommand(INPUT))
      .then(() => order.push("theirs"));
    await Promise.all([our.then(() => order.push("first part")), their]);
    expect(order[0]).toBe("ours");
    expect(order.indexOf("theirs")).toBeGreaterThan(0);
  },

  async "an error gets its type one layer further out"() {
    both.server.answer = { status: 400, headers: { "x-amzn-errortype": "ValidationError" } };
    const seen: Record<Whose, unknown> = { their: undefined, our: undefined };
    const place = { relation: "before", toMiddleware: "deserializerMiddleware" };
    await sendWith(both, place, (whose) => (next) => async (args) => {
      const result = next(args);
      seen[whose] = await result.then(
        ({ response }) => response?.statusCode,
        (error: Error) => error.name,
      );
      return result;
    });
    expect(seen).toEqual({ their: "ValidationError", our: 400 });
  },
};

/** Attempts of one call that never succeeds, with three attempts allowed. */
async function attemptsOfBoth(answer: CannedAnswer, warmUpDelayMs: number) {
  both.server.answer = answer;
  const warmUp = { initialDelayMs: warmUpDelayMs, maxDelayMs: warmUpDelayMs, maxWaitMs: 500 };
  const their = new official.SageMakerRuntimeClient({ ...both.location, maxAttempts: 3 });
  const our = new holdfast.SageMakerRuntimeClient({ ...both.location, retry: { warmUp } });
  both.server.requests.length = 0;
  await expect(their.send(new official.InvokeEndpointCommand(INPUT))).rejects.toThrow();
  const theirs = both.server.requests.length;
  await expect(our.send(new holdfast.InvokeEndpointCommand(INPUT))).rejects.toThrow();
  their.destroy();
  our.destroy();
  return { theirs, ours: both.server.requests.length - theirs };
}

describe("what differs on purpose of a call", () => {
  it.each(CALL_DIFFERENCES)("$name", async ({ name, reason }) => {
    expect(reason).not.toBe("");
    await SHOWN[name]();
  });
});
