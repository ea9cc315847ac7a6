import type { BenchClient } from "../client.ts";
import { addMetrics, addResilience, addSignature, pathOf, sendThrough } from "../peers/naive-stack.ts";
import { cockatielPolicies } from "../peers/policies.ts";

/** What one gets by putting the same packages together that `holdfast` is made of, each used the obvious way. */
export const client: BenchClient = {
  description:
    "the packages of holdfast put together the obvious way: Smithy's stack resolved per call, prom-client, " +
    "cockatiel's retry, breaker and timeout, signature-v4 with Smithy's hash, undici",
  packages: ["@smithy/middleware-stack", "prom-client", "cockatiel", "@smithy/signature-v4", "undici"],
  async open(target) {
    const { Pool } = await import("undici");
    const { Registry } = await import("prom-client");
    const { constructStack } = await import("@smithy/middleware-stack");
    const stack = constructStack<object, object>();
    await addMetrics(stack, target, new Registry());
    addResilience(stack, await cockatielPolicies(() => true));
    await addSignature(stack, target);
    const pool = new Pool(target.origin, { connections: target.maxSockets });
    const path = pathOf(target);
    return {
      call: (body) =>
        sendThrough(stack, body, async ({ headers }) => {
          const response = await pool.request({ method: "POST", path, headers, body });
          const answer = { status: response.statusCode, body: await response.body.bytes() };
          if (answer.status >= 400) throw new Error(`status ${answer.status}`);
          return { response: answer, output: {} };
        }),
      close: () => pool.close(),
    };
  },
};
