import { createHash } from "node:crypto";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { layer } from "../../lib/layer.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const refused = (code: string, date: Date) => ({
  status: 403,
  headers: { "x-amzn-errortype": code, date: date.toUTCString() },
  body: "{}",
});
const start = Date.UTC(2026, 0, 2, 3, 4, 5);
const minutes = (n: number) => new Date(start + n * 60_000);

describe("a refused signature", () => {
  it("is made once more by the service's clock, where its Date proves ours wrong", async () => {
    const { call, clock, network } = scriptedClient([refused("InvalidSignatureException", minutes(10)), 200]);
    const pending = call();
    await clock.advance(0);
    expect((await pending).ok).toBe(true);
    const dates = network.requests.map(({ headers }) => headers["x-amz-date"]);
    expect(dates).toEqual(["20260102T030405Z", "20260102T031405Z"]);
    await call();
    expect(network.requests.at(-1)?.headers["x-amz-date"]).toBe("20260102T031405Z");
  });

  it("is final where the clocks agree", async () => {
    const { call, clock, network } = scriptedClient([refused("InvalidSignatureException", minutes(0))]);
    const pending = call();
    await clock.advance(0);
    expect((await pending).error?.name).toBe("InvalidSignatureException");
    expect(network.requests.length).toBe(1);
  });

  it("is final the second time", async () => {
    const { call, clock, network } = scriptedClient([
      refused("InvalidSignatureException", minutes(10)),
      refused("InvalidSignatureException", minutes(30)),
    ]);
    const pending = call();
    await clock.advance(0);
    expect((await pending).error?.name).toBe("InvalidSignatureException");
    expect(network.requests.length).toBe(2);
  });

  it("does not make other errors of a host with a wrong clock worth a retry", async () => {
    const { call, network } = scriptedClient([{ status: 400, headers: { date: minutes(30).toUTCString() } }]);
    expect((await call()).error?.name).toBe("ValidationError");
    expect(network.requests.length).toBe(1);
  });
});

describe("an expired token", () => {
  it.each(["ExpiredTokenException", "ExpiredToken"])(
    "is replaced, and the call is made once more: %s",
    async (code) => {
      let asked = 0;
      const { call, clock, network } = scriptedClient([refused(code, minutes(0)), 200], {
        credentials: async () => ({
          accessKeyId: `AKID${++asked}`,
          secretAccessKey: "s",
          sessionToken: `t${asked}`,
        }),
      });
      const pending = call();
      await clock.advance(0);
      expect((await pending).ok).toBe(true);
      expect(network.requests.map(({ headers }) => headers["x-amz-security-token"])).toEqual(["t1", "t2"]);
    },
  );

  it("is final with credentials that cannot be refreshed", async () => {
    const { call, clock, network } = scriptedClient([refused("ExpiredTokenException", minutes(0))]);
    const pending = call();
    await clock.advance(0);
    expect((await pending).error?.name).toBe("ExpiredTokenException");
    expect(network.requests.length).toBe(1);
  });
});

describe("credentials that a provider has yet to give", () => {
  it("are waited for also where a library has put another Promise into the place of the platform's", async () => {
    onTestFinished(() => void vi.unstubAllGlobals());
    vi.stubGlobal("Promise", class extends Promise<unknown> {});
    const { call, network } = scriptedClient([200], {
      credentials: async () => ({ accessKeyId: "AKIDLATER", secretAccessKey: "s" }),
    });
    expect((await call()).ok).toBe(true);
    expect(network.requests[0]?.headers.authorization).toContain("AKIDLATER");
  });
});

describe("a payload that a layer has changed", () => {
  it("is hashed again, so that the signature is of what is sent", async () => {
    const { client, call, network } = scriptedClient([200]);
    const compress = layer({ name: "compress", step: "build" }, (next) => (args) => {
      if (args.request !== undefined) args.request.body = Buffer.from("other");
      return next(args);
    });
    client.middlewareStack.use(compress);
    expect((await call()).ok).toBe(true);
    expect(network.requests[0]?.headers).toMatchObject({
      "content-length": "5",
      "x-amz-content-sha256": createHash("sha256").update("other").digest("hex"),
    });
  });
});

describe("tracing headers of a user's layer", () => {
  it("are sent and not signed, because something may rewrite them on the way", async () => {
    const { client, call, network } = scriptedClient([200]);
    client.middlewareStack.add(
      (next) => async (args) => {
        const request = args.request as { headers: Record<string, string> };
        request.headers.traceparent = "00-1-2-01";
        request.headers["x-tenant"] = "blue";
        return next(args);
      },
      { step: "build", name: "tracing" },
    );
    expect((await call()).ok).toBe(true);
    const headers = network.requests[0]?.headers;
    expect(headers?.traceparent).toBe("00-1-2-01");
    expect(headers?.authorization).not.toContain("traceparent");
    expect(headers?.authorization).toContain("x-tenant");
  });
});
