import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ModelNode } from "../../../bench/faults/model-node.ts";

/** With this draw an exponential service time is its mean. */
const MEAN = () => 1 - Math.exp(-1);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** How many of the calls are served by now. */
function serve(node: ModelNode, calls: number): () => number {
  let served = 0;
  for (let call = 0; call < calls; call++) {
    void node.serve().then(() => {
      served++;
    });
  }
  return () => served;
}

describe("a node with a model", () => {
  it("serves as many calls at a time as it has workers, and the others after them", async () => {
    const served = serve(new ModelNode(2, 100, MEAN), 5);
    await vi.advanceTimersByTimeAsync(100);
    expect(served()).toBe(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(served()).toBe(5);
  });

  it("takes longer when it is slow, for what it begins then", async () => {
    const node = new ModelNode(1, 100, MEAN);
    node.slowness = 3;
    const served = serve(node, 1);
    await vi.advanceTimersByTimeAsync(299);
    expect(served()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(served()).toBe(1);
  });

  it("gives what waits to workers that come back", async () => {
    const node = new ModelNode(0, 100, MEAN);
    const served = serve(node, 3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(served()).toBe(0);
    node.workers = 3;
    node.startWaiting();
    await vi.advanceTimersByTimeAsync(100);
    expect(served()).toBe(3);
  });
});
