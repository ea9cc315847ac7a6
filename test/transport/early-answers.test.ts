import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Connector } from "../../lib/transport/connector.ts";
import { FakeClock } from "../support/fake-clock.ts";

/** More than one read of the server takes: what it leaves unread has it reset the connection. */
const PIECE = Buffer.alloc(1_048_576);

/** A socket to a server that answers the first bytes and closes, at which moment more is written. */
async function answeredEarly(): Promise<string[]> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = { protocol: "http:", hostname: "127.0.0.1", port, host: `127.0.0.1:${port}`, basePath: "" };
  const seen: string[] = [];
  const readBuffer = Buffer.alloc(64);
  const ended = new Promise<void>((resolve) => {
    const socket: Socket = new Connector(url, 1_000, new FakeClock()).open({
      readBuffer,
      onConnected: () => void socket.write(PIECE),
      onBytes: (length) => seen.push(readBuffer.toString("latin1", 0, length)) > 0,
      onEnd: () => {},
      onFailed: () => resolve(),
    });
    server.once("connection", (peer) => {
      peer.once("data", () => {
        peer.write("answer");
        peer.destroy();
        socket.write(PIECE);
      });
    });
  });
  await ended;
  return seen;
}

it("an answer that came before the connection was reset is read, although writing fails first", async () => {
  expect(await answeredEarly()).toEqual(["answer"]);
});
