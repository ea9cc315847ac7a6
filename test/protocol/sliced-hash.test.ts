import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CancelReason, CancelScope } from "../../lib/cancellation.ts";
import { HASH_SLICE_BYTES, hashInSlices } from "../../lib/protocol/sliced-hash.ts";
import { passesAtEachLook } from "../support/process-time.ts";

function scope(): CancelScope & { cancelled: CancelReason | undefined } {
  return { running: undefined, cancelled: undefined };
}

function payload(size: number): Uint8Array {
  return Buffer.alloc(size, "holdfast");
}

/** Turns of the event loop until the work is done. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const end = work.then(() => {
    isDone = true;
  });
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await end;
  return turns;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a hash in slices", () => {
  it("is the SHA-256 of the payload, whatever its size", async () => {
    const size = fc.integer({ min: 1, max: 4 * HASH_SLICE_BYTES });
    await fc.assert(
      fc.asyncProperty(fc.oneof(size, fc.constant(2 * HASH_SLICE_BYTES)), async (bytes) => {
        const expected = createHash("sha256").update(payload(bytes)).digest("hex");
        expect(await hashInSlices(payload(bytes), scope())).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("lets the event loop turn between any two slices of a third of a millisecond, however many payloads wait", async () => {
    passesAtEachLook(1 / 3);
    expect(await turnsOf(hashInSlices(payload(4 * HASH_SLICE_BYTES), scope()))).toBeGreaterThanOrEqual(3);
    const three = [1, 2, 3].map(() => hashInSlices(payload(2 * HASH_SLICE_BYTES), scope()));
    expect(await turnsOf(Promise.all(three))).toBeGreaterThanOrEqual(5);
  });

  it("ends within the tick when it is cancelled, and holds up nobody behind it", async () => {
    const cancelled = scope();
    const first = hashInSlices(payload(8 * HASH_SLICE_BYTES), cancelled);
    const second = hashInSlices(payload(HASH_SLICE_BYTES + 1), scope());
    cancelled.running?.cancel("abort");
    expect(await turnsOf(first)).toBe(0);
    expect(cancelled.running).toBeUndefined();
    expect(await second).toMatch(/^[0-9a-f]{64}$/);
  });

  it("does not begin for a scope that is cancelled already", async () => {
    const cancelled = { ...scope(), cancelled: "abort" as const };
    expect(await hashInSlices(payload(2 * HASH_SLICE_BYTES), cancelled)).toBeUndefined();
  });

  it("fails, and nothing else does, where the memory is gone meanwhile", async () => {
    const bytes = new Uint8Array(2 * HASH_SLICE_BYTES);
    const hash = hashInSlices(bytes, scope());
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    await expect(hash).rejects.toThrow(TypeError);
    expect(await hashInSlices(payload(1), scope())).toMatch(/^[0-9a-f]{64}$/);
  });
});
