import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  answers,
  hangsUp,
  head,
  http,
  resets,
  sends,
  sendsAndHangsUp,
  sendsAndResets,
} from "../support/behaviours.ts";
import { settle } from "../support/fake-clock.ts";
import type { Behaviour } from "../support/faulty-server.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";

const HALF = http({ body: "half", length: 8 });
const HALF_AND_CLOSE = http({ body: "half", length: 8, headers: { connection: "close" } });
const HALF_CHUNKED = Buffer.concat([
  head(200, { "transfer-encoding": "chunked", connection: "close" }),
  Buffer.from("8\r\nhalf"),
]);

describe("a connection that breaks", () => {
  it.each<[string, Behaviour, string]>([
    ["is reset before an answer", resets, "headers"],
    ["ends before an answer", hangsUp, "headers"],
    ["is reset inside a head", sendsAndResets("HTTP/1.1 200 OK\r\nx-a: 1"), "headers"],
    ["is reset inside a body", sendsAndResets(HALF), "body"],
    ["ends inside a body", sendsAndHangsUp(HALF), "body"],
    ["ends inside a body that was to end it", sendsAndHangsUp(HALF_AND_CLOSE), "body"],
    ["ends inside a chunk", sendsAndHangsUp(HALF_CHUNKED), "body"],
  ])("and %s is a ConnectionError that says how far it came", async (_, behaviour, phase) => {
    const { server, caller } = await loopback([behaviour], { retry: false });
    const error = await failureOf(caller.invoke());
    expect(error).toMatchObject({
      name: "ConnectionError",
      phase,
      code: "ECONNRESET",
      mayHaveExecuted: true,
    });
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.attempts).toMatchObject([{ outcome: "reset" }]);
    expect(server.requests.length).toBe(1);
  });

  it("says the request id where the head of the answer had come", async () => {
    const { caller } = await loopback([sendsAndResets(HALF)], { retry: false });
    expect((await failureOf(caller.invoke())).$metadata).toMatchObject({
      requestId: "request-1",
      httpStatusCode: 200,
    });
  });

  it("is tried again where the call may be repeated", async () => {
    const { server, caller } = await loopback([resets, sendsAndResets(HALF), answers()]);
    expect((await caller.invoke()).$metadata.attempts).toBe(3);
    expect(server.connections).toBe(3);
  });

  it("is not tried again where the call may not be repeated", async () => {
    const { server, caller } = await loopback([resets, answers()]);
    expect(await failureOf(caller.enqueue())).toMatchObject({
      phase: "headers",
      mayHaveExecuted: true,
      $metadata: { attempts: 1 },
    });
    expect(server.requests.length).toBe(1);
  });
});

describe("an answer that is not HTTP", () => {
  it.each<[string, Behaviour, string]>([
    ["garbage", sends("SSH-2.0-OpenSSH_9.6\r\n"), "does not begin as HTTP/1.1 does"],
    ["lines that end by LF alone", sends("HTTP/1.1 200 OK\ncontent-length: 1\n\n7"), "no proper end"],
    ["two lengths", sends("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n7"), "length"],
    ["a head of 20 kB", sends(head(200, { "x-big": "a".repeat(20_000) })), "more than 16384 bytes"],
  ])("because it is %s is an InvalidResponseError", async (_, behaviour, reason) => {
    const { caller, server } = await loopback([behaviour], { retry: false });
    const error = await failureOf(caller.invoke());
    expect(error).toMatchObject({ name: "InvalidResponseError", mayHaveExecuted: true });
    expect(error.message).toMatch(/^the answer is not valid HTTP: /);
    expect(error.message).toContain(reason);
    await server.emptied();
  });

  it("does not show what it was, which may be the model's words", async () => {
    const { caller } = await loopback([sends("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nsecret")]);
    const error = await failureOf(caller.invoke());
    expect(error.name).toBe("InvalidResponseError");
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("secret");
  });

  it("is tried again", async () => {
    const { caller } = await loopback([sends("garbage\r\n\r\n"), answers()]);
    expect((await caller.invoke()).$metadata.attempts).toBe(2);
  });
});

describe("an answer that is unusual", () => {
  it("because hints come first is read as any other", async () => {
    const hints = ["HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"];
    const { caller } = await loopback([sends(...hints, http())]);
    const output = await caller.invoke();
    expect(output.Body.transformToString()).toBe("7");
    expect(output.$metadata.httpStatusCode).toBe(200);
  });

  it("because it has many headers keeps them all, repeated ones as one", async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, String(i)]));
    const headers = { ...many, "x-amzn-sagemaker-custom-attributes": ["a", "b"] };
    const { caller } = await loopback([answers({ headers })]);
    expect((await caller.invoke()).CustomAttributes).toBe("a, b");
  });

  it("because it comes byte by byte is read as any other", async () => {
    const { server, caller } = await loopback([() => {}]);
    const pending = caller.invoke();
    await server.received(1);
    for (const byte of http({ body: "slow" })) {
      server.sockets[0]?.write(Uint8Array.of(byte));
      await settle();
    }
    expect((await pending).Body.transformToString()).toBe("slow");
  });

  it("because its body is empty gives no bytes", async () => {
    const { caller } = await loopback([answers({ body: "" })]);
    expect((await caller.invoke()).Body).toHaveLength(0);
  });
});

describe("the body of an error", () => {
  it.each([400, 424, 500, 503])(
    "with status %s is read to its end, so that its connection serves on",
    async (status) => {
      const body = JSON.stringify({ Message: "m", Padding: "p".repeat(300_000) });
      const { server, caller } = await loopback([answers({ status, body })], {
        retry: false,
        circuitBreaker: false,
      });
      for (let i = 0; i < 3; i++) {
        expect(await failureOf(caller.invoke())).toMatchObject({
          message: "m",
          $metadata: { httpStatusCode: status },
        });
        await settle();
      }
      expect(server.connections).toBe(1);
    },
  );

  it("with status 424 is of a model that ran, also where nothing names the error", async () => {
    const { caller } = await loopback([answers({ status: 424, body: "{}" })]);
    expect(await failureOf(caller.invoke())).toMatchObject({
      name: "Unknown",
      mayHaveExecuted: true,
      attempts: [{ outcome: "model_error" }],
    });
  });

  it("is read up to 1 MiB; one that goes on is cut off with its connection", async () => {
    const { server, caller } = await loopback([answers()], { retry: false });
    server.play([
      ({ socket }) => {
        const piece = Buffer.alloc(65_536, "x");
        socket.write(head(500, { "transfer-encoding": "chunked" }));
        const pour = () => {
          while (
            socket.writable &&
            socket.write(Buffer.concat([Buffer.from("10000\r\n"), piece, Buffer.from("\r\n")]))
          );
        };
        socket.on("drain", pour);
        pour();
      },
    ]);
    const error = await failureOf(caller.invoke());
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 500, requestId: "request-1" } });
    const { body } = error.$response as { body: Uint8Array };
    expect(body.byteLength).toBeGreaterThanOrEqual(1_048_576);
    expect(body.byteLength).toBeLessThan(1_048_576 + 65_536);
    await server.emptied();
  });
});
