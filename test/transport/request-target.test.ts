import * as official from "@aws-sdk/client-sagemaker-runtime";
import { MockAgent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as holdfast from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { answers } from "../support/behaviours.ts";
import { BothClients } from "../support/both-clients.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";

const INPUT = { EndpointName: "ep", Body: "x" };

const QUERIES: readonly object[] = [
  { trace: "1" },
  { b: "2", a: "1", "a b": "ü/(*)'!" },
  { list: ["x", "y&z", ""] },
  { empty: "", nothing: null },
];

/** A layer that changes the request before it is signed. */
function changing(changes: object) {
  return layer({ name: "changes", step: "build" }, (next) => (args) => {
    Object.assign(args.request!, changes);
    return next(args);
  });
}

describe("a query that a layer puts into the request", () => {
  let both: BothClients;

  beforeAll(async () => {
    both = await BothClients.start();
    both.server.answer = { status: 200, body: "{}" };
  });
  afterAll(() => both[Symbol.asyncDispose]());

  it.each(QUERIES)("is sent as by the official client: %o", async (query) => {
    both.server.requests.length = 0;
    const [their, our] = [
      new official.InvokeEndpointCommand(INPUT),
      new holdfast.InvokeEndpointCommand(INPUT),
    ];
    their.middlewareStack.use(changing({ query }) as never);
    our.middlewareStack.use(changing({ query }));
    await both.theirs.send(their);
    await both.ours.send(our);
    const [theirUrl, ourUrl] = both.server.requests.map(({ url }) => url);
    expect(ourUrl).toContain("/endpoints/ep/invocations?");
    expect(ourUrl).toBe(theirUrl);
  });

  it("goes to a caller's dispatcher too", async () => {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    const path = "/endpoints/churn/invocations?trace=1";
    dispatcher.get("https://place.example").intercept({ method: "POST", path }).reply(200, "7");
    const { caller } = await loopback([], { endpoint: "https://place.example", dispatcher });
    caller.client.middlewareStack.use(changing({ query: { trace: "1" } }));
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
  });
});

describe("a request that a layer wants elsewhere", () => {
  it.each([{ hostname: "other.example" }, { port: 1 }, { protocol: "https:" }])(
    "is refused, and nothing is sent: %o",
    async (changes) => {
      const { server, caller } = await loopback([answers()]);
      caller.client.middlewareStack.use(changing(changes));
      const error = await failureOf(caller.invoke());
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(
        /^a request cannot be sent to https?:\/\/[\w.]+:\d+ by a client of http:\/\/localhost:\d+: make a client for each endpoint$/,
      );
      expect(server.connections).toBe(0);
    },
  );

  it("is not, where it is the same place in other words", async () => {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    dispatcher.get("https://place.example").intercept({ method: "POST", path: /./ }).reply(200, "7");
    const { caller } = await loopback([], { endpoint: "https://place.example", dispatcher });
    caller.client.middlewareStack.use(changing({ port: 443 }));
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
  });
});
