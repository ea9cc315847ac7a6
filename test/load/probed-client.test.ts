import { describe, expect, it } from "vitest";
import { ProbedClient } from "../../lib/load/probed-client.ts";
import { answers, fails, silence } from "../support/behaviours.ts";
import type { Behaviour } from "../support/faulty-server.ts";
import { hedgedLoopback } from "../support/hedged-loopback.ts";
import { loopback } from "../support/loopback-client.ts";

const INPUT = { EndpointName: "churn", Body: "1,2" };

const answersAs = (variant: string): Behaviour =>
  answers({ headers: { "x-amzn-invoked-production-variant": variant } });

/** A container that answered `status` itself. */
const containerFails = (status: number): Behaviour =>
  answers({
    status: 424,
    headers: { "x-amzn-errortype": "ModelError" },
    body: JSON.stringify({ Message: "scripted", OriginalStatusCode: status }),
  });

describe("a call that is measured", () => {
  it("has the variant of the attempt that decided it, also where a later one was cancelled", async () => {
    const { server, caller, slowAfterMs } = await hedgedLoopback([silence]);
    const pending = new ProbedClient(caller.client, INPUT).call();
    await server.received(1);
    await caller.clock.advance(slowAfterMs);
    await server.received(2);
    answersAs("blue")(server.requests[0]!);
    const { outcome, variant, attempts } = await pending;
    expect([outcome, variant]).toEqual(["ok", "blue"]);
    expect(attempts.map((attempt) => attempt.outcome)).toEqual(["ok", "cancelled"]);
  });

  it("says of each attempt whether the client takes its end for an overload", async () => {
    const config = { retry: false } as const;
    const endWith = async (behaviour: Behaviour) => {
      const { caller } = await loopback([behaviour], config);
      const { outcome, attempts } = await new ProbedClient(caller.client, INPUT).call();
      return [outcome, attempts[0]?.isOverload];
    };
    expect(await endWith(containerFails(503))).toEqual(["model_error", true]);
    expect(await endWith(containerFails(500))).toEqual(["model_error", false]);
    expect(await endWith(fails(503, "ServiceUnavailable"))).toEqual(["server_error", true]);
    expect(await endWith(fails(500, "InternalFailure"))).toEqual(["server_error", false]);
    expect(await endWith(answersAs("blue"))).toEqual(["ok", false]);
  });

  it("is of no variant where a fallback answered in place of the one that failed", async () => {
    const { caller } = await loopback([fails(503, "ServiceUnavailable")], {
      retry: false,
      fallback: { alternatives: [{ answer: { Body: "0" } }] },
    });
    const { outcome, variant, isFromFallback, attempts } = await new ProbedClient(caller.client, {
      ...INPUT,
      TargetVariant: "blue",
    }).call();
    expect([outcome, variant, isFromFallback]).toEqual(["ok", "_none", true]);
    expect(attempts).toMatchObject([{ outcome: "server_error", isOverload: true }]);
  });

  it("is nobody's where no attempt was sent, and unknown where no answer names a variant", async () => {
    const { server, caller } = await loopback([answers()]);
    const probed = new ProbedClient(caller.client, INPUT);
    expect((await probed.call()).variant).toBe("_unknown");
    caller.client.destroy();
    expect((await probed.call()).variant).toBe("_none");
    expect(server.requests).toHaveLength(1);
  });
});
