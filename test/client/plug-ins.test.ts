import { describe, expect, it } from "vitest";
import { layer } from "../../lib/layer.ts";
import { addPlugIn, type PlugIn, stackOf } from "../support/plug-ins.ts";
import { scriptedClient } from "../support/scripted-client.ts";

describe("a plug-in of the AWS SDK", () => {
  it("finds inside of a layer that runs calls on behalf of others what was kept outside of it", async () => {
    const { client, call } = scriptedClient([200], { singleFlight: true });
    const found: unknown[] = [];
    const keeps: PlugIn = (next, context) => (args) => {
      Object.assign(context, { span: "s1" });
      return next(args);
    };
    const finds: PlugIn = (next, context) => (args) => {
      found.push((context as { span?: string }).span);
      return next(args);
    };
    stackOf(client).add(keeps, { step: "initialize" });
    stackOf(client).add(finds, { step: "finalizeRequest" });
    expect((await call()).ok).toBe(true);
    expect(found).toEqual(["s1"]);
  });

  it("is made for each call, and a layer once for all", async () => {
    const { client, call } = scriptedClient([200]);
    const made: string[] = [];
    const plugIn: PlugIn = (next) => {
      made.push("plug-in");
      return next;
    };
    addPlugIn(client, plugIn, { step: "build" });
    client.middlewareStack.use(
      layer({ name: "own", step: "build" }, (next) => {
        made.push("layer");
        return next;
      }),
    );
    await call();
    await call();
    expect(made).toEqual(["layer", "plug-in", "plug-in"]);
  });

  it("that cannot be made fails its calls, and the client closes", async () => {
    const { client, call } = scriptedClient([200]);
    addPlugIn(
      client,
      () => {
        throw new RangeError("not made");
      },
      { step: "build" },
    );
    expect((await call()).error).toMatchObject({ message: "not made" });
    await client.close();
  });

  it("is removed by name and by the function that it is", async () => {
    const { client, call } = scriptedClient([200]);
    let runs = 0;
    const plugIn: PlugIn = (next) => (args) => {
      runs++;
      return next(args);
    };
    for (const key of [plugIn, "plugIn"]) {
      addPlugIn(client, plugIn, { step: "build" });
      await call();
      expect(client.middlewareStack.remove(key as never)).toBe(true);
      await call();
    }
    expect(runs).toBe(2);
  });

  it("may have the name of a layer that only the official client has", async () => {
    const { client, call, network } = scriptedClient([200]);
    const sends: PlugIn = (next) => (args) => {
      args.request!.headers["x-mine"] = "1";
      return next(args);
    };
    stackOf(client).add(sends, { name: "hostHeaderMiddleware", step: "build" });
    expect(client.middlewareStack.identify()).toContain("hostHeaderMiddleware - build");
    expect((await call()).ok).toBe(true);
    expect(network.requests[0]?.headers["x-mine"]).toBe("1");
  });
});
