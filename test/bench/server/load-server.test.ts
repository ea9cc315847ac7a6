import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { answerBody } from "../../../bench/server/answers.ts";
import { LoadServer } from "../../../bench/server/load-server.ts";

const REQUEST = "POST /endpoints/e/invocations HTTP/1.1\r\nhost: h\r\ncontent-length: 4\r\n\r\n1234";

const servers: LoadServer[] = [];
async function listen(responseBytes = 6): Promise<LoadServer> {
  const server = await LoadServer.listen({ requestBytes: 4, responseBytes });
  servers.push(server);
  return server;
}
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function open(server: LoadServer) {
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  socket.setNoDelay(true);
  let received = "";
  socket.on("data", (packet) => {
    received += packet.toString("latin1");
  });
  return {
    socket,
    /** Everything that came once `count` answers are whole. */
    async answers(count: number): Promise<string[]> {
      while (received.split("HTTP/1.1 ").length - 1 < count || !received.endsWith("\x05")) {
        await once(socket, "data");
      }
      return received.split("HTTP/1.1 ").slice(1);
    },
  };
}

describe("the load server", () => {
  it("answers a request with a 200 whose body has the agreed length", async () => {
    const server = await listen();
    const response = await fetch(`http://127.0.0.1:${server.port}/endpoints/e/invocations`, {
      method: "POST",
      body: "1234",
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-amzn-invoked-production-variant")).toBe("AllTraffic");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(answerBody(6));
    expect(server.counts).toEqual({ answered: 1, refused: 0, refusal: undefined });
  });

  it("answers each of several pipelined requests", async () => {
    const server = await listen();
    const { socket, answers } = await open(server);
    socket.write(REQUEST.repeat(3));
    expect(await answers(3)).toEqual(new Array(3).fill(expect.stringMatching(/^200 OK\r\n/)));
    expect(server.counts.answered).toBe(3);
    socket.destroy();
  });

  it("names another request in each of several answers, as the service does", async () => {
    const server = await listen();
    const { socket, answers } = await open(server);
    socket.write(REQUEST.repeat(8));
    const ids = (await answers(8)).map((answer) => /^x-amzn-RequestId: ([\da-f-]{36})\r$/m.exec(answer)?.[1]);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(8);
    socket.destroy();
  });

  it("answers requests one after another on a connection, each cut into packets", async () => {
    const server = await listen();
    const { socket, answers } = await open(server);
    for (let count = 1; count <= 2; count++) {
      for (const byte of REQUEST) {
        socket.write(byte);
        await new Promise(setImmediate);
      }
      expect(await answers(count)).toHaveLength(count);
    }
    expect(server.counts.answered).toBe(2);
    socket.destroy();
  });

  it("tells a client to go on that waits for it before it sends the body", async () => {
    const server = await listen();
    const request = httpRequest({
      port: server.port,
      host: "127.0.0.1",
      path: "/endpoints/e/invocations",
      method: "POST",
      headers: { expect: "100-continue", "content-length": 4 },
    });
    request.flushHeaders();
    await once(request, "continue");
    request.end("1234");
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    response.resume();
    await once(response, "end");
    expect(server.counts).toMatchObject({ answered: 1, refused: 0 });
  });

  it("refuses a body of another length with 400 and the reason, and ends the connection", async () => {
    const server = await listen();
    const response = await fetch(`http://127.0.0.1:${server.port}/`, { method: "POST", body: "12345" });
    expect(response.status).toBe(400);
    expect(response.headers.get("connection")).toBe("close");
    expect(await response.text()).toBe("a body of 5 bytes, expected 4");
    expect(server.counts).toEqual({ answered: 0, refused: 1, refusal: "a body of 5 bytes, expected 4" });
  });

  it("counts a connection that ends amid a request as refused", async () => {
    const server = await listen();
    const { socket } = await open(server);
    socket.end(REQUEST.slice(0, -1));
    await once(socket, "close");
    expect(server.counts).toMatchObject({ answered: 0, refused: 1 });
  });

  it("outlives a client that resets its connection", async () => {
    const server = await listen();
    const first = await open(server);
    first.socket.resetAndDestroy();
    const { socket, answers } = await open(server);
    socket.write(REQUEST);
    expect(await answers(1)).toHaveLength(1);
    socket.destroy();
  });
});
