import * as official from "@aws-sdk/client-sagemaker-runtime";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as holdfast from "../../lib/index.ts";
import { BothClients } from "../support/both-clients.ts";

const INPUT = { EndpointName: "ep", Body: "x" };
const FIRST = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
const SECOND = "Root=1-5759e988-bd862e3fe1be46a994272794;Parent=53995c3f42cd8ad9;Sampled=0";

let both: BothClients;

beforeEach(async () => {
  both = await BothClients.start();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await both[Symbol.asyncDispose]();
});

function inLambda(): void {
  vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "scores");
  vi.stubEnv("_X_AMZN_TRACE_ID", FIRST);
}

/** Clients as a function's module makes them, and what each sends as its trace for one call. */
function clients(change: (stack: { add: (...args: never[]) => void }) => void = () => {}) {
  const their = new official.SageMakerRuntimeClient(both.location);
  const our = new holdfast.SageMakerRuntimeClient(both.location);
  for (const { middlewareStack } of [their, our]) change(middlewareStack as never);
  return async function traces(): Promise<(string | undefined)[]> {
    both.server.requests.length = 0;
    await their.send(new official.InvokeEndpointCommand(INPUT));
    await our.send(new holdfast.InvokeEndpointCommand(INPUT));
    return both.server.requests.map(({ headers }) => headers["x-amzn-trace-id"]);
  };
}

describe("the trace that a Lambda function runs in", () => {
  it("is sent along by both clients, that of each invocation", async () => {
    inLambda();
    const traces = clients();
    expect(await traces()).toEqual([FIRST, FIRST]);
    vi.stubEnv("_X_AMZN_TRACE_ID", SECOND);
    expect(await traces()).toEqual([SECOND, SECOND]);
  });

  it("is not signed by either, so that whatever is on the way may go on with it", async () => {
    inLambda();
    await clients()();
    for (const { headers } of both.server.requests) expect(headers.authorization).not.toContain("trace");
  });

  it("gives way to the one that a plug-in has set, in whatever case", async () => {
    inLambda();
    const traces = clients((stack) => {
      const trace = (next: (args: never) => unknown) => (args: { request: { headers: object } }) => {
        Object.assign(args.request.headers, { "X-Amzn-Trace-Id": "Root=own" });
        return next(args as never);
      };
      stack.add(...([trace, { step: "build", name: "tracing" }] as never[]));
    });
    expect(await traces()).toEqual(["Root=own", "Root=own"]);
  });

  it("is the one of the call's own invocation where a function serves several at once", async () => {
    inLambda();
    // As the Lambda runtime sets it. The official client has looked for it once and for all by now.
    vi.stubGlobal("awslambda", { InvokeStore: { getXRayTraceId: () => SECOND } });
    const [, ours] = await clients()();
    expect(ours).toBe(SECOND);
  });

  it("is not sent where there is none, nor outside of Lambda", async () => {
    vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "scores");
    expect(await clients()()).toEqual([undefined, undefined]);
    vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", undefined);
    vi.stubEnv("_X_AMZN_TRACE_ID", FIRST);
    expect(await clients()()).toEqual([undefined, undefined]);
  });
});
