import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Load } from "../../bench/child/load.ts";
import type { BenchClient, OpenClient, Target } from "../../bench/client.ts";
import { BASELINE, loadPeer, peerNames } from "../../bench/client-catalogue.ts";
import { answerBody } from "../../bench/server/answers.ts";
import { LoadServer } from "../../bench/server/load-server.ts";

const WORK = { requestBytes: 1024, responseBytes: 1024 };
const REQUEST = Buffer.alloc(WORK.requestBytes, "0.5,");

const targetAt = (port: number): Target => ({
  origin: `http://127.0.0.1:${port}`,
  maxSockets: 64,
  region: "eu-west-1",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  endpointName: "bench",
  contentType: "text/csv",
});

/** A peer of `bench/clients/`, with what it opens. */
const loadClient = async (name: string) => (await loadPeer(name)).client as BenchClient;
const isUnsigned = new Map(
  await Promise.all(
    peerNames().map(async (name) => [name, (await loadClient(name)).isUnsigned === true] as const),
  ),
);

let server: LoadServer;
beforeAll(async () => {
  server = await LoadServer.listen(WORK);
});
afterAll(() => server.close());

describe("the peers", () => {
  it("begin with the baseline and have no name twice", () => {
    expect(peerNames()[0]).toBe(BASELINE);
    expect(new Set(peerNames()).size).toBe(peerNames().length);
  });

  it("sign, but for the baseline and the yardstick of hashing", () => {
    const unsigned = peerNames().filter((name) => isUnsigned.get(name));
    expect(unsigned).toEqual([BASELINE, "undici-sha256"]);
  });
});

describe.each(peerNames())("the client %s", (name) => {
  it("gets the whole answer of every call, in each kind of load", async () => {
    const opened = await (await loadClient(name)).open(targetAt(server.port));
    const load = new Load(opened, REQUEST, answerBody(WORK.responseBytes));
    const before = server.counts.answered;
    await load.compareOne();
    await load.run(1, () => load.calls < 4);
    await load.run(8, () => load.calls < 40);
    expect(load.calls).toBe(40);
    expect(server.counts.answered - before).toBe(40);
    await opened.close();
  });

  it(
    isUnsigned.get(name) ? "sends the body unsigned" : "sends the body with a signature of its own",
    async () => {
      const requests: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
      const http = createServer(async (request, response) => {
        requests.push({ headers: request.headers, body: Buffer.concat(await request.toArray()) });
        response.end("ok");
      });
      http.listen(0, "127.0.0.1");
      await once(http, "listening");
      const opened = await (await loadClient(name)).open(targetAt((http.address() as AddressInfo).port));
      await opened.call(REQUEST);
      await opened.close();
      http.close();
      const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = requests;
      expect(body.equals(REQUEST)).toBe(true);
      expect(headers["content-type"]).toBe("text/csv");
      if (isUnsigned.get(name)) expect(headers.authorization).toBeUndefined();
      else
        expect(headers.authorization).toMatch(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/.*Signature=[0-9a-f]{64}$/,
        );
    },
  );
});

describe("a load", () => {
  const answering = (status: number, body: unknown): OpenClient => ({
    call: async () => ({ status, body: body as Uint8Array }),
    close: async () => {},
  });

  it.each([
    ["another status", answering(500, Buffer.alloc(4)), /status 500/],
    ["a shorter body", answering(200, Buffer.alloc(3)), /3 bytes, expected 200 and 4 bytes/],
    ["a body that is not bytes", answering(200, "four"), /a string as body/],
  ])("fails on %s", async (_, client, expected) => {
    const load = new Load(client, REQUEST, Buffer.alloc(4));
    await expect(load.run(2, () => load.calls < 2)).rejects.toThrow(expected);
  });

  it("fails on a body of the right length with other bytes", async () => {
    const load = new Load(answering(200, Buffer.from("abcd")), REQUEST, Buffer.from("abce"));
    await expect(load.compareOne()).rejects.toThrow(/other bytes/);
  });

  it("keeps as many calls in flight as it is told", async () => {
    let inFlight = 0;
    let most = 0;
    const client: OpenClient = {
      async call() {
        most = Math.max(most, ++inFlight);
        await new Promise(setImmediate);
        inFlight--;
        return { status: 200, body: Buffer.alloc(4) };
      },
      close: async () => {},
    };
    const load = new Load(client, REQUEST, Buffer.alloc(4));
    await load.run(5, () => load.calls < 50);
    expect(most).toBe(5);
    expect(load.calls).toBe(50);
  });
});
