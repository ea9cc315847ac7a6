import type { Priority, Step } from "@smithy/types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BothClients } from "../support/both-clients.ts";
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

interface Args {
  readonly input: object;
  readonly request?: { readonly headers: Readonly<Record<string, string>> };
}

interface Result {
  readonly output?: unknown;
  readonly response?: { readonly statusCode?: number };
}

type PlugIn = (next: (args: Args) => Promise<Result>) => (args: Args) => Promise<Result>;

let both: BothClients;

beforeAll(async () => {
  both = await BothClients.start();
});
afterAll(() => both[Symbol.asyncDispose]());

/** One call by each client, with the plug-in that `make` makes for it in that place. */
async function sendWith(place: object, make: (client: "their" | "our") => PlugIn) {
  both.theirs.middlewareStack.add(make("their") as never, { ...place, name: "plugIn" });
  both.ours.middlewareStack.add(make("our") as never, { ...place, name: "plugIn" });
  const results = await both.send("InvokeEndpoint", { EndpointName: "ep", Body: "x" });
  both.theirs.middlewareStack.remove("plugIn");
  both.ours.middlewareStack.remove("plugIn");
  return results;
}

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

describe.each(Object.keys(ANSWERS))("of a call that is %s", (kind) => {
  it.each(PLACES)("a plug-in at $step/$priority sees what it sees in the official client", async (place) => {
    both.server.answer = ANSWERS[kind];
    const sights: Record<"their" | "our", Sight> = { their: {}, our: {} };
    await sendWith(place, (client) => looking(sights[client]));
    expect(sights.their.hasRequest).toBeTypeOf("boolean");
    expect(sights.our).toEqual(sights.their);
  });
});

describe("an input that a plug-in changes", () => {
  it.each(PLACES)("at $step/$priority is sent by both clients, or by neither", async (place) => {
    both.server.answer = ANSWERS.accepted;
    const pin: PlugIn = (next) => (args) =>
      next({ ...args, input: { ...args.input, TargetVariant: "green" } });
    const { theirRequest, ourRequest } = await sendWith(place, () => pin);
    const isPinned = "x-amzn-sagemaker-target-variant" in theirRequest.headers;
    expect("x-amzn-sagemaker-target-variant" in ourRequest.headers).toBe(isPinned);
    const isAhead = place.step === "initialize" || (place.step === "serialize" && place.priority === "high");
    expect(isPinned).toBe(isAhead);
  });
});
