import {
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { describe, expect, it } from "vitest";
import { exceptionFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { type ContainerRequest, startLocalEndpoint } from "../../lib/local/index.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { errorOf, invoke } from "./support/signed-request.ts";

const PATH = "/endpoints/churn/invocations-response-stream";

function startWith(
  container: (request: ContainerRequest) => { status?: number; body: unknown },
  options = {},
) {
  return startLocalEndpoint({
    variants: [{ name: "a", weight: 1, container: container as never }],
    ...options,
  });
}

describe("a response stream", () => {
  it("has one PayloadPart for each chunk, and nothing after the last", async () => {
    await using endpoint = await startWith(() => ({ body: chunks("one", "", "three") }));
    const { headers, body } = await invoke(endpoint.url, { path: PATH });
    expect(headers["content-type"]).toBe("application/vnd.amazon.eventstream");
    expect(body.equals(Buffer.concat([frameOf("one"), frameOf("three")]))).toBe(true);
  });

  it("may be a container's plain answer", async () => {
    await using endpoint = await startWith(() => ({ body: "whole" }));
    const { body } = await invoke(endpoint.url, { path: PATH });
    expect(body.equals(frameOf("whole"))).toBe(true);
  });

  it("sends each chunk when it comes, not when the answer is whole", async () => {
    let next!: () => void;
    async function* body() {
      yield "first";
      await new Promise<void>((resolve) => {
        next = resolve;
      });
      yield "second";
    }
    await using endpoint = await startWith(() => ({ body: body() }));
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const client = new SageMakerRuntimeClient({ region: "eu-west-1", endpoint: endpoint.url, credentials });
    const out = await client.send(
      new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: Buffer.from("x") }),
    );
    const parts: string[] = [];
    for await (const event of out.Body ?? []) {
      parts.push(Buffer.from(event.PayloadPart?.Bytes ?? []).toString());
      if (parts.length === 1) next();
    }
    expect(parts).toEqual(["first", "second"]);
    client.destroy();
  });

  it("ends with a ModelStreamError when the container breaks off", async () => {
    async function* body() {
      yield "one";
      throw new Error("secret detail");
    }
    await using endpoint = await startWith(() => ({ body: body() }));
    const { body: received } = await invoke(endpoint.url, { path: PATH });
    const broken = exceptionFrame("ModelStreamError", {
      Message: "Your model primary broke off the inference response.",
      ErrorCode: "StreamBroken",
    });
    expect(received.equals(Buffer.concat([frameOf("one"), broken]))).toBe(true);
    expect(endpoint.stats().variants.a?.outcomes).toEqual({ ModelStreamError: 1 });
  });

  it("is a plain ModelError while nothing has been sent", async () => {
    await using endpoint = await startWith(() => ({ status: 500, body: "no memory" }));
    expect(errorOf(await invoke(endpoint.url, { path: PATH }))).toMatchObject({
      status: 424,
      code: "ModelError",
      OriginalMessage: "no memory",
    });
  });

  it("may take 8 times as long as one answer, and then ends with ModelInvocationTimeExceeded", async () => {
    const clock = new FakeClock(Date.now());
    let started!: () => void;
    const isStarted = new Promise<void>((resolve) => {
      started = resolve;
    });
    async function* body() {
      yield "one";
      started();
      await new Promise(() => {});
    }
    await using endpoint = await startWith(() => ({ body: body() }), { clock, containerTimeoutMs: 1_000 });
    const answer = invoke(endpoint.url, { path: PATH });
    await isStarted;
    await clock.advance(7_999);
    expect(endpoint.stats().variants.a?.outcomes).toEqual({});
    await clock.advance(1);
    const { body: received } = await answer;
    expect(received.toString("latin1")).toContain("ModelInvocationTimeExceeded");
    expect(clock.pendingTimers).toBe(0);
  });

  it("stops the container when the client leaves", async () => {
    let leave!: () => void;
    let stopped!: () => void;
    const isStopped = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    async function* body(signal: AbortSignal) {
      try {
        yield "one";
        leave();
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      } finally {
        stopped();
      }
    }
    await using endpoint = await startWith(({ signal }) => ({ body: body(signal) }));
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    await expect(invoke(endpoint.url, { path: PATH, leave: left })).rejects.toThrow();
    await isStopped;
    await expect.poll(() => endpoint.stats().variants.a?.outcomes).toEqual({ "client.closed": 1 });
  });

  it("ends a container's iterable that does not look at the signal", async () => {
    let leave!: () => void;
    let ended!: () => void;
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const isEnded = new Promise<void>((resolve) => {
      ended = resolve;
    });
    async function* body() {
      try {
        for (let part = 0; ; part++) {
          yield `${part}`;
          if (part === 3) leave();
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        ended();
      }
    }
    await using endpoint = await startWith(() => ({ body: body() }));
    await expect(invoke(endpoint.url, { path: PATH, leave: left })).rejects.toThrow();
    await isEnded;
  });
});

function frameOf(text: string): Uint8Array {
  return payloadPartFrame(Buffer.from(text));
}

async function* chunks(...texts: string[]) {
  yield* texts;
}
