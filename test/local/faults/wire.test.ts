import { Agent } from "node:http";
import { describe, expect, it } from "vitest";
import { payloadPartFrame } from "../../../lib/event-stream/encoder.ts";
import { type Fault, type LocalEndpointOptions, startLocalEndpoint } from "../../../lib/local/index.ts";
import { turns } from "../../support/call-states.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { standStill } from "../../support/stand-still.ts";
import { bodyOf, rawCall } from "../support/raw-call.ts";
import { errorOf, invoke } from "../support/signed-request.ts";

const STREAM = "/endpoints/churn/invocations-response-stream";

function startWith(fault: Fault, options: LocalEndpointOptions = {}) {
  const container = () => ({ headers: { "content-type": "text/plain" }, body: "0123456789" });
  return startLocalEndpoint({
    variants: [{ name: "a", weight: 1, container }],
    faults: { rules: [{ match: { times: 1 }, fault }] },
    ...options,
  });
}

describe("the status fault", () => {
  it.each([
    [{ status: 503 }, { status: 503, code: "ServiceUnavailable", Message: "Injected: status 503." }],
    [
      { status: 530, message: "m" },
      { status: 530, code: "InternalDependencyException", Message: "m" },
    ],
    [
      { status: 400, code: "ThrottlingException" },
      { status: 400, code: "ThrottlingException" },
    ],
    [{ status: 507 }, { status: 507, code: undefined }],
    [
      { status: 424, originalStatusCode: 503, originalMessage: "busy" },
      { status: 424, code: "ModelError", OriginalStatusCode: 503, OriginalMessage: "busy" },
    ],
  ])("answers %j in the service's shape", async (fields, answer) => {
    await using endpoint = await startWith({ type: "status", ...fields });
    expect(errorOf(await invoke(endpoint.url))).toMatchObject(answer);
  });

  it("sends the hints when to come back", async () => {
    await using endpoint = await startWith({ type: "status", status: 503, retryAfterMs: 1_500 });
    const { headers } = await invoke(endpoint.url);
    expect([headers["x-amz-retry-after"], headers["retry-after"]]).toEqual(["1500", "2"]);
  });

  it("sends any body as it is, with no error code of its own", async () => {
    await using endpoint = await startWith({ type: "status", status: 502, body: "<h1>Bad Gateway</h1>" });
    const { status, headers, body } = await invoke(endpoint.url);
    expect([status, headers["content-type"], body.toString()]).toEqual([
      502,
      "text/html",
      "<h1>Bad Gateway</h1>",
    ]);
    expect(headers).not.toHaveProperty("x-amzn-errortype");
  });
});

describe("the notReady fault", () => {
  it("answers ModelNotReadyException", async () => {
    await using endpoint = await startWith({ type: "notReady" });
    expect(errorOf(await invoke(endpoint.url))).toMatchObject({
      status: 429,
      code: "ModelNotReadyException",
    });
    expect((await invoke(endpoint.url)).status).toBe(200);
  });
});

describe("the latency fault", () => {
  it("delays the request, which then goes on", async () => {
    const clock = new FakeClock(Date.now());
    await using endpoint = await startWith({ type: "latency", distribution: "fixed", ms: 500 }, { clock });
    const answer = invoke(endpoint.url);
    await expect.poll(() => clock.pendingTimers).toBe(1);
    await clock.advance(499);
    expect(endpoint.stats().variants.a).toEqual({ requests: 1, outcomes: {} });
    await clock.advance(1);
    expect((await answer).body.toString()).toBe("0123456789");
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("the reset fault", () => {
  it("resets the connection before a byte is answered", async () => {
    await using endpoint = await startWith({ type: "reset" });
    const call = await rawCall(endpoint.url);
    await call.closed;
    expect([call.received(), call.error()]).toEqual(["", "ECONNRESET"]);
    expect(endpoint.stats().variants.a?.outcomes).toEqual({ "fault.reset": 1 });
  });

  it.each([
    [0, ""],
    [4, "0123"],
  ])("resets the connection after %d bytes of the body", async (afterBytes, body) => {
    await using endpoint = await startWith({ type: "reset", afterBytes });
    const call = await rawCall(endpoint.url);
    await call.closed;
    expect(call.received()).toContain("content-length: 10\r\n");
    expect([bodyOf(call.received()), call.error()]).toEqual([body, "ECONNRESET"]);
  });

  it("lets a client of this process read first where that stands still again and again", async () => {
    await using endpoint = await startWith({ type: "reset", afterBytes: 4 });
    const call = await rawCall(endpoint.url);
    let isClosed = false;
    void call.closed.then(() => {
      isClosed = true;
    });
    while (!isClosed) {
      standStill(25);
      await turns(1);
    }
    expect([bodyOf(call.received()), call.error()]).toEqual(["0123", "ECONNRESET"]);
  });

  it("leaves an answer whole that is shorter", async () => {
    await using endpoint = await startWith({ type: "reset", afterBytes: 11 });
    expect((await invoke(endpoint.url)).body.toString()).toBe("0123456789");
    expect(endpoint.stats().variants.a?.outcomes).toEqual({ ok: 1 });
  });
});

describe("the stall fault", () => {
  it("takes the request and never answers, until the client leaves", async () => {
    await using endpoint = await startWith({ type: "stall" });
    const call = await rawCall(endpoint.url);
    await expect.poll(() => endpoint.stats().variants.a?.outcomes).toEqual({ "fault.stall": 1 });
    expect([call.received(), endpoint.stats().connections.open]).toEqual(["", 1]);
    call.socket.destroy();
    await expect.poll(() => endpoint.stats().connections.open).toBe(0);
  });

  it("sends so many bytes of the body and no more", async () => {
    await using endpoint = await startWith({ type: "stall", afterBytes: 3 });
    const call = await rawCall(endpoint.url);
    await expect.poll(() => bodyOf(call.received())).toBe("012");
    expect(endpoint.stats().variants.a?.outcomes).toEqual({ "fault.stall": 1 });
    expect(endpoint.stats().connections.open).toBe(1);
    call.socket.destroy();
  });
});

describe("the truncate fault", () => {
  it("ends the body short of its length", async () => {
    await using endpoint = await startWith({ type: "truncate" });
    const call = await rawCall(endpoint.url);
    await call.closed;
    expect(call.received()).toContain("content-length: 10\r\n");
    expect([bodyOf(call.received()), call.error()]).toEqual(["01234", undefined]);
  });

  it.each([
    [undefined, 0.5],
    [20, 20],
  ])(
    "ends a stream inside a frame (afterBytes %s), with a proper end of the body",
    async (afterBytes, expected) => {
      const fault = { type: "truncate", ...(afterBytes === undefined ? {} : { afterBytes }) } as const;
      await using endpoint = await startWith(fault);
      const { status, body } = await invoke(endpoint.url, { path: STREAM });
      const frame = payloadPartFrame(Buffer.from("0123456789"));
      const length = expected < 1 ? Math.floor(frame.length * expected) : expected;
      expect(status).toBe(200);
      expect(body.equals(frame.subarray(0, length))).toBe(true);
      expect(endpoint.stats().variants.a?.outcomes).toEqual({ "fault.truncate": 1 });
    },
  );
});

describe("the slowBytes fault", () => {
  it("sends the body at the given speed", async () => {
    const clock = new FakeClock(Date.now());
    await using endpoint = await startWith({ type: "slowBytes", bytesPerSecond: 100 }, { clock });
    const call = await rawCall(endpoint.url);
    await expect.poll(() => bodyOf(call.received())).toBe("01");
    await clock.advance(20);
    await expect.poll(() => bodyOf(call.received())).toBe("0123");
    for (let step = 0; step < 3; step++) {
      await expect.poll(() => clock.pendingTimers).toBe(2);
      await clock.advance(20);
    }
    await expect.poll(() => bodyOf(call.received())).toBe("0123456789");
    call.socket.destroy();
  });
});

describe("the closeKeepAlive fault", () => {
  it("lets the next request on the connection meet a closed one", async () => {
    await using endpoint = await startWith({ type: "closeKeepAlive" });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await invoke(endpoint.url, { agent });
    expect([first.status, first.headers.connection]).toEqual([200, "keep-alive"]);
    await expect(invoke(endpoint.url, { agent })).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await invoke(endpoint.url, { agent })).status).toBe(200);
    expect(endpoint.stats()).toMatchObject({ requests: 2, connections: { opened: 2 } });
    agent.destroy();
  });

  it("closes the connection right after the answer if asked to", async () => {
    await using endpoint = await startWith({ type: "closeKeepAlive", when: "idle" });
    const call = await rawCall(endpoint.url);
    await call.closed;
    expect([bodyOf(call.received()), call.error()]).toEqual(["0123456789", undefined]);
  });
});
