import { Readable } from "node:stream";
import * as official from "@aws-sdk/client-sagemaker-runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import * as holdfast from "../../lib/index.ts";
import { type FaultRule, type LocalEndpoint, startLocalEndpoint } from "../../lib/local/index.ts";
import { resets } from "../support/behaviours.ts";
import { FaultyServer } from "../support/faulty-server.ts";
import { RecordingServer } from "../support/recording-server.ts";
import { failureOf, ResilientClient } from "../support/resilient-client.ts";
import { dateOf } from "../support/signing.ts";

async function localEndpoint(...rules: FaultRule[]): Promise<LocalEndpoint> {
  const endpoint = await startLocalEndpoint({
    variants: [{ name: "blue", weight: 1 }],
    faults: { rules },
  });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

const UNAVAILABLE = { type: "status", status: 503 } as const;

describe("a client of the AWS SDK with resilience()", () => {
  it("answers as it did", async () => {
    const endpoint = await localEndpoint();
    const { Body, InvokedProductionVariant, $metadata } = await new ResilientClient(endpoint.url).invoke();
    expect(Body.transformToString()).toBe("1,2");
    expect(InvokedProductionVariant).toBe("blue");
    expect($metadata).toMatchObject({ httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 });
  });

  it("tries again what is worth it, and says how often", async () => {
    const endpoint = await localEndpoint({ match: { times: 2 }, fault: UNAVAILABLE });
    const { $metadata } = await new ResilientClient(endpoint.url).invoke();
    expect($metadata.attempts).toBe(3);
    expect(endpoint.stats().requests).toBe(3);
  });

  it("makes as many attempts as retry says, since the SDK's own retry makes none", async () => {
    const endpoint = await localEndpoint({ fault: UNAVAILABLE });
    const caller = new ResilientClient(endpoint.url, { retry: { maxAttempts: 2 } }, { maxAttempts: 5 });
    await failureOf(caller.invoke());
    expect(endpoint.stats().requests).toBe(2);
  });

  it("throws the SDK's own error, with what happened at each try", async () => {
    const endpoint = await localEndpoint({ fault: UNAVAILABLE });
    const error = await failureOf(new ResilientClient(endpoint.url).invoke());
    expect(error).toBeInstanceOf(official.ServiceUnavailable);
    expect(Object.getPrototypeOf(error)).toBe(official.ServiceUnavailable.prototype);
    expect(error.$metadata).toMatchObject({ httpStatusCode: 503, attempts: 3 });
    expect(error.attempts).toMatchObject([
      { number: 1, kind: "first", outcome: "server_error", httpStatusCode: 503, error: "ServiceUnavailable" },
      { number: 2, kind: "retry" },
      { number: 3, kind: "retry", requestId: error.$metadata.requestId },
    ]);
    expect(error.mayHaveExecuted).toBe(true);
  });

  it("pays its retries from a budget that the calls to an endpoint share", async () => {
    const endpoint = await localEndpoint({ fault: UNAVAILABLE });
    const budget = { ratio: 0, minPerSecond: 0.1, windowMs: 10_000 };
    const caller = new ResilientClient(endpoint.url, { retry: { budget } });
    await failureOf(caller.invoke());
    await failureOf(caller.invoke());
    expect(endpoint.stats().requests).toBe(3);
    expect(await caller.metric("retries_suppressed_total", { reason: "budget" })).toBe(2);
  });

  it("waits for a model that is loading, outside of maxAttempts", async () => {
    const endpoint = await localEndpoint({ match: { times: 5 }, fault: { type: "notReady" } });
    const warmUp = { initialDelayMs: 1, maxDelayMs: 1 };
    const caller = new ResilientClient(endpoint.url, { retry: { warmUp }, clock: systemClock });
    const { $metadata } = await caller.invoke({ TargetModel: "model.tar.gz" });
    expect($metadata.attempts).toBe(6);
  });

  it("gives a model's own error to the caller at once, with all its members", async () => {
    const endpoint = await localEndpoint({
      fault: { type: "status", status: 424, originalStatusCode: 500, originalMessage: "out of memory" },
    });
    const error = await failureOf(new ResilientClient(endpoint.url).invoke());
    expect(error).toBeInstanceOf(official.ModelError);
    expect(error).toMatchObject({ OriginalStatusCode: 500, OriginalMessage: "out of memory" });
    expect(endpoint.stats().requests).toBe(1);
  });

  it("tries an unreadable page of a proxy again by its status", async () => {
    const page = { type: "status", status: 502, body: "<html>Bad Gateway</html>" } as const;
    const endpoint = await localEndpoint({ fault: page });
    const error = await failureOf(new ResilientClient(endpoint.url).invoke());
    expect(error).toBeInstanceOf(SyntaxError);
    expect(error.attempts.map(({ outcome }) => outcome)).toEqual(Array(3).fill("server_error"));
  });

  it("repeats no enqueue that may have run", async () => {
    const server = await FaultyServer.start([resets]);
    const error = await failureOf(new ResilientClient(server.url).enqueue());
    expect(error).toMatchObject({ code: "ECONNRESET", mayHaveExecuted: true });
    expect(server.requests.length).toBe(1);
  });

  it("refuses a payload that could be sent only once, before anything is", async () => {
    const endpoint = await localEndpoint();
    const caller = new ResilientClient(endpoint.url);
    const error = await failureOf(caller.invoke({ Body: Readable.from(["1,2"]) }));
    expect(error).toBeInstanceOf(holdfast.InvalidInputError);
    expect(error).toBeInstanceOf(official.ValidationError);
    expect(error.message).toContain("Body must be text or memory");
    expect(endpoint.stats().requests).toBe(0);
  });

  it("sends the call once more where the SDK has put its clock right", async () => {
    await using server = await RecordingServer.start();
    const aheadMs = 3_600_000;
    const date = new Date(Date.now() + aheadMs).toUTCString();
    const refusal = { date, "x-amzn-errortype": "InvalidSignatureException" };
    server.script([{ status: 403, headers: refusal, body: "{}" }, { status: 200 }]);
    const { $metadata } = await new ResilientClient(server.url, { retry: { maxAttempts: 1 } }).invoke();
    expect($metadata.attempts).toBe(2);
    const [first, second] = server.requests.map(({ headers }) => dateOf(headers["x-amz-date"]).getTime());
    expect(second! - first!).toBeGreaterThan(aheadMs - 60_000);
  });
});

describe("with retry: false", () => {
  it("the SDK's own retry stays, and each of its attempts is one for the other layers", async () => {
    const endpoint = await localEndpoint({ fault: UNAVAILABLE });
    const caller = new ResilientClient(endpoint.url, { retry: false }, { maxAttempts: 2 });
    const error = await failureOf(caller.invoke());
    expect(error).toBeInstanceOf(official.ServiceUnavailable);
    expect(error.attempts).toMatchObject([{ kind: "first" }, { kind: "retry" }]);
    expect(endpoint.stats().requests).toBe(2);
    expect(await caller.metric("attempts_total", { outcome: "server_error" })).toBe(2);
    expect(await caller.metric("attempts_in_flight")).toBe(0);
  });
});
