import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type ContainerHandler, type ContainerRequest, startLocalEndpoint } from "../../lib/local/index.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { errorOf, invoke } from "./support/signed-request.ts";

/** A container process in miniature, on a port of its own. */
async function serveContainer(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function startWith(container: string | ContainerHandler, options = {}) {
  return startLocalEndpoint({ variants: [{ name: "a", weight: 1, container }], ...options });
}

describe("a container behind a URL", () => {
  it("is asked by its contract, below the URL's own path", async () => {
    const asked: string[] = [];
    await using container = await serveContainer(async (request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers["content-type"]}`);
      response.setHeader("content-type", "text/csv");
      for await (const chunk of request) response.write(chunk);
      response.end();
    });
    await using endpoint = await startWith(`${container.url}/base/`);
    for (let call = 0; call < 2; call++) {
      const { status, headers, body } = await invoke(endpoint.url, {
        headers: { "content-type": "text/plain" },
      });
      expect([status, headers["content-type"], body.toString()]).toEqual([200, "text/csv", "1,2,3"]);
    }
    const invocation = "POST /base/invocations text/plain";
    expect(asked).toEqual(["GET /base/ping undefined", invocation, invocation]);
  });

  it("is not ready until its ping has answered 200", async () => {
    let pingStatus = 503;
    await using container = await serveContainer((request, response) => {
      response.writeHead(request.url === "/ping" ? pingStatus : 200).end("answer");
    });
    await using endpoint = await startWith(container.url);
    const cold = errorOf(await invoke(endpoint.url));
    expect(cold).toMatchObject({ status: 429, code: "ModelNotReadyException" });
    expect(String((cold as Record<string, unknown>).Message)).toContain(
      "The container's /ping has not answered 200 yet",
    );
    pingStatus = 200;
    expect((await invoke(endpoint.url)).body.toString()).toBe("answer");
  });

  it("is unavailable when it was lost and does not answer its ping well", async () => {
    let isIll = false;
    await using container = await serveContainer((request, response) => {
      if (isIll && request.url !== "/ping") request.socket.destroy();
      else response.writeHead(isIll ? 500 : 200).end();
    });
    await using endpoint = await startWith(container.url);
    expect((await invoke(endpoint.url)).status).toBe(200);
    isIll = true;
    expect(errorOf(await invoke(endpoint.url))).toMatchObject({ status: 424, OriginalStatusCode: 0 });
    expect(errorOf(await invoke(endpoint.url))).toMatchObject({ status: 503, code: "ServiceUnavailable" });
    isIll = false;
    expect((await invoke(endpoint.url)).status).toBe(200);
  });

  it("that nobody listens at is a ModelError with status 0", async () => {
    const gone = await serveContainer(() => {});
    await gone[Symbol.asyncDispose]();
    await using endpoint = await startWith(gone.url);
    const answer = errorOf(await invoke(endpoint.url)) as Record<string, unknown>;
    expect(answer).toMatchObject({ status: 424, code: "ModelError", OriginalStatusCode: 0 });
    expect(answer.Message).toContain(
      'server error (0) from primary with message "Amazon SageMaker could not get',
    );
  });

  it("that breaks off inside its answer is a ModelError with status 0", async () => {
    await using container = await serveContainer((request, response) => {
      if (request.url === "/ping") return void response.end();
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    await using endpoint = await startWith(container.url);
    expect(errorOf(await invoke(endpoint.url))).toMatchObject({ status: 424, OriginalStatusCode: 0 });
  });

  it("whose ping hangs is not ready after 2 seconds", async () => {
    const clock = new FakeClock(Date.now());
    const { promise, resolve } = openPromise();
    await using container = await serveContainer(() => resolve());
    await using endpoint = await startWith(container.url, { clock });
    const answer = invoke(endpoint.url);
    await promise;
    await clock.advance(2_000);
    expect(errorOf(await answer)).toMatchObject({ status: 429, code: "ModelNotReadyException" });
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("an answer of a container", () => {
  it.each([
    [400, "client error (400)", "CLIENT_ERROR_FROM_MODEL"],
    [500, "server error (500)", undefined],
    [302, "server error (302)", undefined],
  ])("of status %d is a ModelError that repeats it", async (status, part, errorCode) => {
    await using endpoint = await startWith(() => ({ status, body: "reason" }));
    const answer = errorOf(await invoke(endpoint.url)) as Record<string, unknown>;
    expect(answer).toMatchObject({
      status: 424,
      code: "ModelError",
      OriginalStatusCode: status,
      OriginalMessage: "reason",
      LogStreamArn: "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Endpoints/churn",
    });
    expect(answer.ErrorCode).toBe(errorCode);
    expect(answer.Message).toMatch(
      `Received ${part} from primary with message "reason". See https://eu-west-1.console.aws.amazon.com/` +
        "cloudwatch/home?region=eu-west-1#logEventViewer:group=/aws/sagemaker/Endpoints/churn in account 123456789012",
    );
  });

  it("above the size limit is a ModelError 413", async () => {
    const container = () => ({ body: "x".repeat(101) });
    await using endpoint = await startWith(container, { maxBodyBytes: 100 });
    expect(errorOf(await invoke(endpoint.url))).toMatchObject({ status: 424, OriginalStatusCode: 413 });
  });

  it("may be empty", async () => {
    await using endpoint = await startWith(() => ({}));
    const { status, body, headers } = await invoke(endpoint.url);
    expect([status, body.length, headers["content-length"]]).toEqual([200, 0, "0"]);
  });

  it("that takes longer than 60 s is a ModelError with status 0, and its signal is aborted", async () => {
    const clock = new FakeClock(Date.now());
    const called = openPromise<ContainerRequest>();
    const container: ContainerHandler = (request) => {
      called.resolve(request);
      return new Promise(() => {});
    };
    await using endpoint = await startWith(container, { clock });
    const answer = invoke(endpoint.url);
    const { signal } = await called.promise;
    await clock.advance(59_999);
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    expect(signal.aborted).toBe(true);
    expect(errorOf(await answer)).toMatchObject({
      status: 424,
      code: "ModelError",
      OriginalStatusCode: 0,
      OriginalMessage: "Your invocation timed out while waiting for a response from container primary.",
    });
    expect(clock.pendingTimers).toBe(0);
  });

  it("that a handler throws is the container's status 500 with the error's message", async () => {
    await using endpoint = await startWith(() => {
      throw new Error("no such feature");
    });
    expect(errorOf(await invoke(endpoint.url))).toMatchObject({
      OriginalStatusCode: 500,
      OriginalMessage: "no such feature",
    });
  });

  it("that no container could give names what is wrong with it", async () => {
    const container = () => ({ body: { rows: 1 } }) as never;
    await using endpoint = await startWith(container);
    expect(errorOf(await invoke(endpoint.url))).toMatchObject({
      OriginalMessage:
        "a handler's body must be text, bytes or an async iterable of them, got an object (Object)",
    });
  });

  it("with a header that cannot be sent fails the request, not the server", async () => {
    await using endpoint = await startWith(() => ({ headers: { "content-type": "a\nb" }, body: "x" }));
    expect(errorOf(await invoke(endpoint.url))).toMatchObject({ status: 500, code: "InternalFailure" });
    const path = "/endpoints/churn/invocations-response-stream";
    expect(errorOf(await invoke(endpoint.url, { path }))).toMatchObject({
      status: 500,
      code: "InternalFailure",
    });
  });
});

describe("a client that goes away", () => {
  it("aborts the container's work and is counted", async () => {
    const called = openPromise<ContainerRequest>();
    await using endpoint = await startWith((request) => {
      called.resolve(request);
      return new Promise(() => {});
    });
    const leave = openPromise();
    const answer = invoke(endpoint.url, { leave: leave.promise });
    const { signal } = await called.promise;
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    leave.resolve();
    await expect(answer).rejects.toThrow();
    await aborted;
    await expect.poll(() => endpoint.stats().variants.a?.outcomes).toEqual({ "client.closed": 1 });
  });
});

function openPromise<T = void>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((onValue) => {
    resolve = onValue;
  });
  return { promise, resolve };
}
