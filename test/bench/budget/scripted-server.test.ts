import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient } from "../../../bench/budget/default-client.ts";
import { ScriptedServer } from "../../../bench/budget/scripted-server.ts";

describe("the endpoint that budgets are counted against", () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await ScriptedServer.listen();
  });
  afterEach(() => server.close());

  it("answers a default client, and keeps the head that it sent", async () => {
    const client = openClient(server.origin);
    await client.callMany(4, 2);
    client.close();
    expect(server.latestHead).toMatch(/^POST \/endpoints\/bench\/invocations HTTP\/1\.1\r\n/);
    expect(server.latestHead).toMatch(/^content-length: 1024$/m);
    expect(server.latestHead).toMatch(/^authorization: AWS4-HMAC-SHA256 [^\r]*$/im);
    expect(server.latestHead).not.toContain("\r\n\r\n");
  });

  it("makes one retry with one 503", async () => {
    const client = openClient(server.origin);
    let attempts = 0;
    client.stack.add(
      (next) => (args) => {
        attempts++;
        return next(args);
      },
      { step: "deserialize", name: "count" },
    );
    server.answerWith(503);
    await client.call();
    client.close();
    expect(attempts).toBe(2);
  });
});
