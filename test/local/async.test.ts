import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ContainerHandler, type ContainerRequest, startLocalEndpoint } from "../../lib/local/index.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { errorOf, type RawAnswer, type RequestSpec, send } from "./support/signed-request.ts";

const X = "x-amzn-sagemaker-";

function startWith(container: ContainerHandler, options = {}) {
  return startLocalEndpoint({ variants: [{ name: "a", weight: 1, container }], ...options });
}

function enqueue(url: string, spec: Partial<RequestSpec> = {}) {
  return send(url, { path: "/endpoints/churn/async-invocations", body: "1,2", ...spec });
}

function read(url: string, location: unknown): Promise<RawAnswer> {
  const path = `/${String(location).replace("s3://", "")}`;
  return send(url, { method: "GET", path, service: "s3" });
}

const outputOf = ({ headers }: RawAnswer) => headers[`${X}outputlocation`];
const failureOf = ({ headers }: RawAnswer) => headers[`${X}failurelocation`];

describe("an asynchronous invocation", () => {
  it("is accepted at once and has its result when the container has answered", async () => {
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let asked: ContainerRequest | undefined;
    await using endpoint = await startWith(async (request) => {
      asked = request;
      await finished;
      return { headers: { "content-type": "text/csv" }, body: "3" };
    });
    const accepted = await enqueue(endpoint.url, {
      headers: {
        "content-type": "ignored/x",
        [`${X}content-type`]: "text/csv",
        [`${X}inference-id`]: "id-1",
      },
    });
    expect([accepted.status, accepted.body.toString()]).toEqual([202, '{"InferenceId":"id-1"}']);
    const pending = await read(endpoint.url, outputOf(accepted));
    expect(pending.status).toBe(404);
    expect(pending.body.toString()).toContain("<Code>NoSuchKey</Code>");
    finish();
    await expect.poll(() => endpoint.stats().asyncInvocations.completed).toBe(1);
    const result = await read(endpoint.url, outputOf(accepted));
    expect([result.status, result.headers["content-type"], result.body.toString()]).toEqual([
      200,
      "text/csv",
      "3",
    ]);
    expect((await read(endpoint.url, failureOf(accepted))).status).toBe(404);
    expect(asked?.headers).toEqual({ "content-type": "text/csv", [`${X}inference-id`]: "id-1" });
    expect(asked?.operation).toBe("InvokeEndpointAsync");
  });

  it("names its result by Filename below S3OutputPathExtension", async () => {
    await using endpoint = await startWith(() => ({}));
    const headers = { [`${X}s3outputpathextension`]: "/run/7/", [`${X}filename`]: "rows.csv" };
    expect(outputOf(await enqueue(endpoint.url, { headers }))).toBe(
      "s3://holdfast-local/async-outputs/churn/run/7/rows.csv",
    );
  });

  it.each([
    ["no input", {}, "", "Exactly one of InputLocation and Body is required: got neither."],
    [
      "two inputs",
      { [`${X}inputlocation`]: "s3://b/k" },
      "x",
      "Exactly one of InputLocation and Body is required: got both.",
    ],
    [
      "an inline input that is too large",
      {},
      "x".repeat(128_001),
      "Body must be at most 128000 bytes, got 128001: use InputLocation.",
    ],
    [
      "an input elsewhere",
      { [`${X}inputlocation`]: "https://example.com/a" },
      "",
      "InputLocation 'https://example.com/a' cannot be read: the local endpoint reads s3://bucket/key of its own store only. " +
        "Put the input there with S3's PutObject at the endpoint's URL.",
    ],
    [
      "a time to live below 60 s",
      { [`${X}requestttlseconds`]: "59" },
      "x",
      "1 validation error detected: Value '59' at 'requestTTLSeconds' failed to satisfy constraint: Member must have " +
        "value greater than or equal to 60",
    ],
    [
      "a file name with two dots",
      { [`${X}filename`]: "a.b.c" },
      "x",
      "1 validation error detected: Value 'a.b.c' at 'filename' failed to satisfy constraint: Member must satisfy " +
        "regular expression pattern: ^(?!.*\\..*\\.)[a-zA-Z0-9][a-zA-Z0-9-_.]*$",
    ],
  ])("is refused with %s", async (_case, headers, body, message) => {
    await using endpoint = await startWith(() => ({}));
    const answer = errorOf(await enqueue(endpoint.url, { headers: headers as Record<string, string>, body }));
    expect(answer).toEqual({ status: 400, code: "ValidationError", Message: message });
  });

  it("accepts an inline input of exactly 128,000 bytes", async () => {
    await using endpoint = await startWith(() => ({}));
    expect((await enqueue(endpoint.url, { body: "x".repeat(128_000) })).status).toBe(202);
  });

  it.each([
    ["the container fails", () => ({ status: 500, body: "no memory" }), {}, "1,2", "server error (500)"],
    [
      "its input does not exist",
      () => ({}),
      { [`${X}inputlocation`]: "s3://b/none" },
      "",
      "s3://b/none does not exist",
    ],
  ])("has a failure and no result when %s", async (_case, container, headers, body, part) => {
    await using endpoint = await startWith(container);
    const accepted = await enqueue(endpoint.url, { headers: headers as Record<string, string>, body });
    await expect.poll(() => endpoint.stats().asyncInvocations.failed).toBe(1);
    await expect
      .poll(async () => (await read(endpoint.url, failureOf(accepted))).body.toString())
      .toContain(part);
    expect((await read(endpoint.url, outputOf(accepted))).status).toBe(404);
  });

  it("fails when the container takes longer than InvocationTimeoutSeconds", async () => {
    const clock = new FakeClock(Date.now());
    await using endpoint = await startWith(() => new Promise(() => {}), { clock });
    const headers = { [`${X}invocationtimeoutseconds`]: "100" };
    const accepted = await enqueue(endpoint.url, { headers });
    await clock.advance(99_999);
    expect(endpoint.stats().asyncInvocations).toEqual({ queued: 0, running: 1, completed: 0, failed: 0 });
    await clock.advance(1);
    await expect
      .poll(async () => (await read(endpoint.url, failureOf(accepted))).body.toString())
      .toContain("server error (0) from primary");
    expect(clock.pendingTimers).toBe(0);
  });

  it("fails when it has waited in the queue for longer than RequestTTLSeconds", async () => {
    const clock = new FakeClock(Date.now());
    const release: (() => void)[] = [];
    await using endpoint = await startWith(() => new Promise((resolve) => release.push(() => resolve({}))), {
      clock,
    });
    for (let running = 0; running < 4; running++) await enqueue(endpoint.url);
    const late = await enqueue(endpoint.url, { headers: { [`${X}requestttlseconds`]: "60" } });
    expect(endpoint.stats().asyncInvocations).toMatchObject({ queued: 1, running: 4 });
    await clock.advance(60_001);
    for (const end of release) end();
    await expect
      .poll(async () => (await read(endpoint.url, failureOf(late))).body.toString())
      .toBe("The request expired before it was invoked.");
    expect(endpoint.stats().asyncInvocations).toEqual({ queued: 0, running: 0, completed: 4, failed: 1 });
  });

  it("leaves its result as a file where a directory is given", async () => {
    const directory = await mkdtemp(join(tmpdir(), "holdfast-store-"));
    try {
      await using endpoint = await startWith(({ body }) => ({ body }), { storeDirectory: directory });
      const accepted = await enqueue(endpoint.url, { headers: { [`${X}filename`]: "rows.csv" } });
      await expect.poll(() => endpoint.stats().asyncInvocations.completed).toBe(1);
      expect(await readFile(join(directory, "holdfast-local/async-outputs/churn/rows.csv"), "utf8")).toBe(
        "1,2",
      );
      expect((await read(endpoint.url, outputOf(accepted))).body.toString()).toBe("1,2");
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
