import { describe, expect, it } from "vitest";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/commands.ts";
import { lost } from "../support/lost-call.ts";

describe("the payload of a call that is sent elsewhere", () => {
  it("is made into bytes and hashed once", async () => {
    const { call, network } = lost([{ variant: "green" }]);
    await call({ Body: "1,2,3" });
    const [first] = network.at("churn").requests;
    const [second] = network.at("green").requests;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["x-amz-content-sha256"]).toBe(first?.headers["x-amz-content-sha256"]);
  });

  it("is hashed anew where a layer puts another one into the input", async () => {
    const { client, call, network } = lost([{ variant: "green" }]);
    let run = 0;
    client.middlewareStack.add(
      (next) => (args) => {
        args.input = { ...args.input, Body: `run ${++run}` } as never;
        return next(args);
      },
      { step: "initialize", name: "rewrites" },
    );
    await call();
    const [sent] = network.at("green").requests;
    expect(Buffer.from(sent!.body).toString()).toBe("run 2");
    expect(sent?.headers["x-amz-content-sha256"]).not.toBe(
      network.at("churn").requests[0]?.headers["x-amz-content-sha256"],
    );
  });
});

describe("a layer of the user's inside of fallback", () => {
  it("that changes the request changes each alternative's own", async () => {
    const { client, call, network } = lost([{ variant: "green" }]);
    client.middlewareStack.add(
      (next) => (args) => {
        const { request } = args as unknown as { request: { body: Uint8Array } };
        request.body = Buffer.concat([Buffer.from(">"), request.body]);
        return next(args);
      },
      { step: "build", name: "prefixes" },
    );
    await call({ Body: "1" });
    const bodies = ["churn", "green"].map((place) =>
      Buffer.from(network.at(place).requests[0]!.body).toString(),
    );
    expect(bodies).toEqual([">1", ">1"]);
  });

  it("that fails before anything is sent leaves no attempt open", async () => {
    const { client, call, metric } = lost([{ answer: { Body: "0.5" } }], {}, { on: () => true });
    client.middlewareStack.addRelativeTo(
      () => async () => {
        throw new Error("own");
      },
      { relation: "after", toMiddleware: "attemptMetrics", name: "fails" },
    );
    expect((await call()).output?.$metadata.fallback?.reason).toBe("other");
    expect(await metric("attempts_in_flight", {})).toBe(0);
    expect(await metric("attempts_total", {})).toBe(1);
  });

  it("that fails on a stream leaves none open, neither the call's nor an alternative's", async () => {
    const open = { status: 200, body: "part of a frame" };
    const list = [{ variant: "green" }, { answer: { Body: "sorry" } }];
    const { client, metric } = lost(list, { churn: [open], green: [open] }, { on: () => true });
    client.middlewareStack.add(
      (next) => async (args) => {
        await next(args);
        throw new Error("own");
      },
      { step: "build", name: "fails" },
    );
    const { Body } = await client.send(
      new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "1" }),
    );
    expect(await Body.text()).toBe("sorry");
    expect(await metric("attempts_total", {})).toBe(2);
    expect(await metric("attempts_in_flight", {})).toBe(0);
  });
});
