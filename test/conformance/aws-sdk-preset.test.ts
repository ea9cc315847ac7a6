import * as official from "@aws-sdk/client-sagemaker-runtime";
import { StandardRetryStrategy } from "@smithy/core/retry";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as holdfast from "../../lib/index.ts";
import { defaultDelayMs } from "../../lib/resilience/backoff.ts";
import { type CannedAnswer, RecordingServer } from "../support/recording-server.ts";
import { CREDENTIALS, REGION } from "../support/signing.ts";

/** One client of each kind, in front of a server of its own. */
interface Side {
  readonly server: RecordingServer;
  readonly send: (command: "InvokeEndpoint" | "InvokeEndpointAsync", endpoint?: string) => Promise<string>;
  readonly destroy: () => void;
}

const INPUTS = {
  InvokeEndpoint: { Body: "1,2" },
  InvokeEndpointAsync: { InputLocation: "s3://bucket/key" },
};

async function start(library: typeof official | typeof holdfast): Promise<Side> {
  const server = await RecordingServer.start();
  const config = { region: REGION, credentials: CREDENTIALS, endpoint: server.url };
  const client =
    library === official
      ? new official.SageMakerRuntimeClient(config)
      : new holdfast.SageMakerRuntimeClient({ ...holdfast.presets.awsSdk, ...config });
  return {
    server,
    destroy: () => client.destroy(),
    async send(command, endpoint = "churn") {
      const CommandClass = library[`${command}Command`] as new (input: object) => never;
      const input = { EndpointName: endpoint, ...INPUTS[command] };
      try {
        const { $metadata } = await (
          client.send as (command: never) => Promise<official.InvokeEndpointCommandOutput>
        )(new CommandClass(input));
        return `ok after ${$metadata.attempts}`;
      } catch (error) {
        const { name, $metadata } = error as Error & { $metadata: { attempts: number } };
        return `${name} after ${$metadata.attempts}`;
      }
    },
  };
}

/** What both did, as the callers saw it and as the servers did. */
async function both(answers: readonly CannedAnswer[], command: keyof typeof INPUTS = "InvokeEndpoint") {
  const sides = await Promise.all([start(official), start(holdfast)]);
  const seen = [];
  for (const { server, send, destroy } of sides) {
    server.script(answers);
    seen.push({ caller: await send(command), server: server.requests.length });
    destroy();
    await server[Symbol.asyncDispose]();
  }
  return seen;
}

const OK: CannedAnswer = { status: 200, headers: {}, body: "7" };

function failure(status: number, name: string, body = "{}"): CannedAnswer {
  return { status, headers: { "x-amzn-errortype": name, "content-type": "application/json" }, body };
}

describe("presets.awsSdk does as the official client", () => {
  // Without waits: every delay is a share of its bound, and the share is 0.
  beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ["503", [failure(503, "ServiceUnavailable")]],
    ["503, 503, 200", [failure(503, "ServiceUnavailable"), failure(503, "ServiceUnavailable"), OK]],
    ["500", [failure(500, "InternalFailure")]],
    ["502 of a proxy, then 200", [failure(502, "BadGateway"), OK]],
    ["504", [failure(504, "GatewayTimeout")]],
    ["530", [failure(530, "InternalDependencyException")]],
    ["a model that is loading", [failure(429, "ModelNotReadyException")]],
    ["a model that is loading, then 200", [failure(429, "ModelNotReadyException"), OK]],
    ["throttling with status 400", [failure(400, "ThrottlingException", '{"message":null}')]],
    ["no capacity", [failure(400, "ValidationError", '{"Message":"Inference Component has no capacity"}')]],
    ["a container that times out", [failure(424, "ModelError", '{"OriginalStatusCode":0}')]],
    ["a container that is busy", [failure(424, "ModelError", '{"OriginalStatusCode":503}')]],
    ["408", [failure(408, "RequestTimeoutException"), OK]],
    ["403", [failure(403, "AccessDeniedException")]],
    ["413", [failure(413, "RequestEntityTooLargeException")]],
  ] as const)("after %s", async (_name, answers) => {
    const [theirs, ours] = await both(answers);
    expect(ours).toEqual(theirs);
  });

  it("where an enqueue fails, which it sends again", async () => {
    const [theirs, ours] = await both([failure(503, "ServiceUnavailable")], "InvokeEndpointAsync");
    expect(theirs).toEqual({ caller: "ServiceUnavailable after 3", server: 3 });
    expect(ours).toEqual(theirs);
  });

  it("until its quota is dry, which all endpoints share and successes fill", async () => {
    const histories = [];
    for (const library of [official, holdfast]) {
      const { server, send, destroy } = await start(library);
      server.script([failure(503, "ServiceUnavailable")]);
      const history = [];
      for (let call = 0; call < 25; call++) history.push(await send("InvokeEndpoint", `endpoint-${call}`));
      server.script([failure(429, "ModelNotReadyException")]);
      for (let call = 0; call < 4; call++) history.push(await send("InvokeEndpoint"));
      server.script([OK]);
      for (let call = 0; call < 30; call++) history.push(await send("InvokeEndpoint"));
      server.script([failure(503, "ServiceUnavailable"), OK]);
      for (let call = 0; call < 4; call++) history.push(await send("InvokeEndpoint"));
      histories.push(history);
      destroy();
      await server[Symbol.asyncDispose]();
    }
    expect(histories[1]).toEqual(histories[0]);
    expect(histories[0]).toContain("ServiceUnavailable after 1");
  });
});

describe("the back-off", () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each([0, 0.25, 0.999])("is the official client's to the millisecond where chance is %s", (chance) => {
    vi.spyOn(Math, "random").mockReturnValue(chance);
    const theirs = Reflect.get(new StandardRetryStrategy(3), "retryBackoffStrategy");
    for (const [kind, base] of [["transient", 50] as const, ["throttled", 1_000] as const]) {
      theirs.setDelayBase(base);
      for (let retry = 0; retry < 12; retry++) {
        expect(defaultDelayMs(kind, retry, () => chance)).toBe(theirs.computeNextBackoffDelay(retry));
      }
    }
  });
});
