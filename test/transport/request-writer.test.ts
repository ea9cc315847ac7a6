import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { RequestWriter } from "../../lib/transport/request-writer.ts";

const HEAD = "POST / HTTP/1.1\r\n\r\n";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Two ends of a connection; the server's does not read yet. */
async function openPair(): Promise<{ client: Socket; server: Socket }> {
  const listener = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const client = connect((listener.address() as { port: number }).port, "127.0.0.1");
  const [[server]] = (await Promise.all([once(listener, "connection"), once(client, "connect")])) as [
    [Socket],
    unknown,
  ];
  cleanups.push(() => {
    client.destroy();
    server.destroy();
    listener.close();
  });
  return { client, server };
}

function payloadOf(letter: string): Uint8Array {
  return Buffer.alloc(1_000, letter);
}

describe("the requests of one socket", () => {
  it("go out of the same memory, one after another", () => {
    const memories: unknown[] = [];
    const socket = new Writable({
      write(chunk: Buffer, _encoding, taken) {
        memories.push(chunk.buffer);
        taken();
      },
    });
    const writer = new RequestWriter(socket as Socket);
    writer.write(HEAD, payloadOf("a"));
    writer.write(HEAD, payloadOf("b"));
    expect(memories).toHaveLength(2);
    expect(memories[1]).toBe(memories[0]);
  });

  it.each([4_095, 4_096, 4_097])("arrive whole with %i bytes of head and payload", async (bytes) => {
    const { client, server } = await openPair();
    const payload = Buffer.alloc(bytes - HEAD.length, "x");
    new RequestWriter(client).write(HEAD, payload);
    client.end();
    expect((await buffer(server)).toString()).toBe(HEAD + payload.toString());
  });
});
