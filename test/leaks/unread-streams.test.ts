import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { handleAll, retry } from "cockatiel";
import { describe, expect, it } from "vitest";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { policy } from "../../middleware/policy.ts";
import { part, STREAM_HEAD, sends } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { LoopbackClient, loopback } from "../support/loopback-client.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const signal = new AbortController().signal;

const CONFIGS: Readonly<Record<string, SageMakerRuntimeClientConfig>> = {
  "the defaults": {},
  "no layer that may be left out": { retry: false, circuitBreaker: false, concurrencyLimit: false },
  hedging: { hedge: {} },
  "a first event that was looked at": { peekFirstEvent: true },
};

/** In a frame of its own, which keeps nothing of it. */
async function openAndDrop(caller: LoopbackClient): Promise<void> {
  await caller.stream({ abortSignal: signal });
}

/** Opens streams whose server goes on, forgets them, and waits until they are closed. */
async function expectToEnd(asked: LoopbackClient, answering: LoopbackClient, openSockets: () => number) {
  for (let i = 0; i < 5; i++) await openAndDrop(asked);
  expect(openSockets()).toBe(5);
  for (let round = 0; round < 100 && openSockets() > 0; round++) {
    await turns(5);
    collectGarbage();
  }
  expect(openSockets()).toBe(0);
  expect(await answering.metric("requests_in_flight")).toBe(0);
  for (const { inFlight } of answering.client.limiters) expect(inFlight).toBe(0);
}

describe("a stream that nobody reads and everybody has forgotten is closed, with its permit,", () => {
  it.each(Object.entries(CONFIGS))("under %s", async (_, config) => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))], config);
    await expectToEnd(caller, caller, () => server.openSockets);
  });

  it("under a policy", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
    caller.client.middlewareStack.use(policy(retry(handleAll, { maxAttempts: 1 })));
    await expectToEnd(caller, caller, () => server.openSockets);
  });

  it("where another client has answered with it", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a"))]);
    const losing = new LoopbackClient("http://127.0.0.1:9", {
      retry: false,
      fallback: { alternatives: [{ client: caller.client }] },
      chaos: { rules: [{ inject: "fault", rate: 1 }] },
    });
    await expectToEnd(losing, caller, () => server.openSockets);
  });
});
