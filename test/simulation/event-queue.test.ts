import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue } from "../../bench/simulate/engine/event-queue.ts";

function drain(queue: EventQueue): number[] {
  const times: number[] = [];
  for (let event = queue.take(); event !== undefined; event = queue.take()) times.push(event.at);
  return times;
}

describe("the event queue", () => {
  it("gives events by time, whatever the order they were added in", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
        const queue = new EventQueue();
        for (const at of times) queue.add(at, () => {});
        expect(drain(queue)).toEqual(times.toSorted((one, other) => one - other));
      }),
    );
  });

  it("gives events of one moment in the order they were added", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 })), (times) => {
        const queue = new EventQueue();
        const added = times.map((at) => queue.add(at, () => {}));
        const taken = added.map(() => queue.take()!);
        const expected = added.toSorted((one, other) => one.at - other.at || one.sequence - other.sequence);
        expect(taken).toEqual(expected);
      }),
    );
  });

  it("leaves cancelled events out", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean())), (events) => {
        const queue = new EventQueue();
        for (const [at, isCancelled] of events) queue.add(at, () => {}).isCancelled = isCancelled;
        const kept = events.filter(([, isCancelled]) => !isCancelled).map(([at]) => at);
        expect(drain(queue)).toEqual(kept.sort((one, other) => one - other));
      }),
    );
  });
});
