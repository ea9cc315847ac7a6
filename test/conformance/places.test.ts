import type { Priority, Step } from "@smithy/types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BothClients } from "../support/both-clients.ts";
import { type PlugIn, type Result, sendWith, type Whose } from "../support/plug-ins.ts";
import type { CannedAnswer } from "../support/recording-server.ts";

const STEPS: readonly Step[] = ["initialize", "serialize", "build", "finalizeRequest", "deserialize"];
const PRIORITIES: readonly Priority[] = ["high", "normal", "low"];
const PLACES = STEPS.flatMap((step) => PRIORITIES.map((priority) => ({ step, priority })));

const ANSWERS: Readonly<Record<string, CannedAnswer>> = {
  accepted: { status: 200, body: "42" },
  refused: {
    status: 400,
    headers: { "x-amzn-errortype": "ValidationError" },
    body: '{"message":"no"}',
  },
};

/** What a plug-in finds on its way in and out. */
interface Sight {
  hasRequest?: boolean;
  isSigned?: boolean;
  status?: number;
  hasOutput?: boolean;
  error?: string;
}

let both: BothClients;

beforeAll(async () => {
  both = await BothClients.start();
});
afterAll(() => both[Symbol.asyncDispose]());

function looking(sight: Sight): PlugIn {
  return (next) => async (args) => {
    sight.hasRequest = args.request !== undefined;
    sight.isSigned = args.request?.headers.authorization !== undefined;
    try {
      const { output, response } = await next(args);
      Object.assign(sight, { hasOutput: output !== undefined, status: response?.statusCode });
      return { output, response } as Result;
    } catch (error) {
      sight.error = (error as Error).name;
      throw error;
    }
  };
}

/** The layers of the official client, outermost first. */
const ANCHORS = [
  "loggerMiddleware",
  "httpAuthSchemeMiddleware",
  "endpointV2Middleware",
  "serializerMiddleware",
  "contentLengthMiddleware",
  "getUserAgentMiddleware",
  "hostHeaderMiddleware",
  "recursionDetectionMiddleware",
  "retryMiddleware",
  "httpSigningMiddleware",
  "apiKeyMiddleware",
  "tokenMiddleware",
  "awsAuthMiddleware",
  "deserializerMiddleware",
];
const NEIGHBOURS = ANCHORS.flatMap((toMiddleware) => [
  { relation: "before", toMiddleware },
  { relation: "after", toMiddleware },
]);

describe.each(Object.keys(ANSWERS))("of a call that is %s", (kind) => {
  it.each(PLACES)("a plug-in at $step/$priority sees what it sees in the official client", async (place) => {
    both.server.answer = ANSWERS[kind];
    const sights: Record<Whose, Sight> = { their: {}, our: {} };
    await sendWith(both, place, (client) => looking(sights[client]));
    expect(sights.their.hasRequest).toBeTypeOf("boolean");
    expect(sights.our).toEqual(sights.their);
  });

  // Directly around the deserializer, an error answer has no type yet: see the intended differences.
  const comparable = NEIGHBOURS.filter(
    ({ relation, toMiddleware }) =>
      kind !== "refused" || relation !== "before" || toMiddleware !== "deserializerMiddleware",
  );

  it.each(comparable)("a plug-in $relation $toMiddleware sees the same, too", async (place) => {
    both.server.answer = ANSWERS[kind];
    const sights: Record<Whose, Sight> = { their: {}, our: {} };
    await sendWith(both, place, (client) => looking(sights[client]));
    expect(sights.their.hasRequest).toBeTypeOf("boolean");
    expect(sights.our).toEqual(sights.their);
  });
});

describe("an input that a plug-in changes", () => {
  it.each(PLACES)("at $step/$priority is sent by both clients, or by neither", async (place) => {
    both.server.answer = ANSWERS.accepted;
    const pin: PlugIn = (next) => (args) =>
      next({ ...args, input: { ...args.input, TargetVariant: "green" } });
    const { theirRequest, ourRequest } = await sendWith(both, place, () => pin);
    const isPinned = "x-amzn-sagemaker-target-variant" in theirRequest.headers;
    expect("x-amzn-sagemaker-target-variant" in ourRequest.headers).toBe(isPinned);
    const isAhead = place.step === "initialize" || (place.step === "serialize" && place.priority === "high");
    expect(isPinned).toBe(isAhead);
  });
});
