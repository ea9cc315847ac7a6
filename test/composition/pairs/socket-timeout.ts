import { expect } from "vitest";
import { part, STREAM_HEAD, sends } from "../../support/behaviours.ts";
import { loopback } from "../../support/loopback-client.ts";
import { scriptedClient } from "../../support/scripted-client.ts";
import { ALONE, ended, type Pairs } from "./kit.ts";

const timeouts = { socketMs: 400 };

export const socketTimeout: Pairs = {
  errorMapper: [
    "an exchange that it ended is no failed connection: the error names the clock and its bound",
    async () => {
      const test = scriptedClient(["silence"], { ...ALONE, timeouts });
      expect((await ended(test, 400)).error).toMatchObject({
        name: "TimeoutError",
        clock: "socket",
        timeoutMs: 400,
        mayHaveExecuted: true,
      });
    },
  ],
  deserialize: [
    "a stream that falls silent while it is read fails its reader, and its connection is closed",
    async () => {
      const { server, caller } = await loopback([sends(STREAM_HEAD, part("hello"))], { timeouts });
      const parts = (await caller.stream()).Body[Symbol.asyncIterator]();
      expect((await parts.next()).done).toBe(false);
      const next = expect(parts.next()).rejects.toMatchObject({ name: "TimeoutError", clock: "socket" });
      await caller.clock.advance(400);
      await next;
      await server.emptied();
    },
  ],
  chaos: [
    "an injected latency beyond it is a silence as any other",
    async () => {
      const rules = [{ inject: "latency", latencyMs: 60_000, rate: 1 } as const];
      const test = scriptedClient([200], { ...ALONE, timeouts, chaos: { rules } });
      expect((await ended(test, 400)).error).toMatchObject({ name: "TimeoutError", clock: "socket" });
      expect(test.network.requests).toEqual([]);
    },
  ],
};
