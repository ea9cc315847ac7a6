import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { HASH_SLICE_BYTES } from "../../lib/protocol/sliced-hash.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const LARGE = Buffer.alloc(3 * HASH_SLICE_BYTES + 1, "0.5,");

describe("a call with a large payload", () => {
  it("is signed with the hash of the whole payload, as a small one is", async () => {
    const { call, network } = scriptedClient([200]);
    expect(await call({ Body: LARGE })).toMatchObject({ ok: true });
    const { headers } = network.requests[0]!;
    expect(headers["x-amz-content-sha256"]).toBe(createHash("sha256").update(LARGE).digest("hex"));
  });

  it("ends at once when it is aborted while it is hashed, and nothing is sent", async () => {
    const { call, network, clock } = scriptedClient([200]);
    const abort = new AbortController();
    const settled = call({ Body: LARGE }, { abortSignal: abort.signal });
    abort.abort();
    const { error } = await settled;
    expect(error).toMatchObject({ name: "AbortError", attempts: [], mayHaveExecuted: false });
    expect(network.requests).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});
