import { describe, expect, it } from "vitest";
import { withVirtualGlobals } from "../../bench/simulate/engine/virtual-globals.ts";
import { VirtualTime } from "../../bench/simulate/engine/virtual-time.ts";

describe("virtual time", () => {
  it("lets every promise settle before the next event", async () => {
    const time = new VirtualTime();
    const order: string[] = [];
    const deep = async (depth: number): Promise<void> => {
      if (depth > 0) await deep(depth - 1);
      if (depth === 100) order.push(`settled at ${time.now()}`);
    };
    time.at(5, () => void deep(100));
    time.at(5, () => order.push(`next event at ${time.now()}`));
    await time.run(10);
    expect(order).toEqual(["settled at 5", "next event at 5"]);
  });

  it("fires timers at their moments, and not those that were cleared", async () => {
    const time = new VirtualTime();
    const fired: [string, number][] = [];
    const note = (name: string) => fired.push([name, time.now()]);
    time.setTimeout(note, 30, "late");
    time.setTimeout(note, 10, "early");
    time.clearTimeout(time.setTimeout(note, 20, "cleared"));
    await time.run(100);
    expect(fired).toEqual([
      ["early", 10],
      ["late", 30],
    ]);
    expect(time.now()).toBe(100);
  });

  it("rejects with what an event throws", async () => {
    const time = new VirtualTime();
    time.at(1, () => {
      throw new Error("broken model");
    });
    await expect(time.run(10)).rejects.toThrow("broken model");
  });

  it("moves what libraries take from the global scope, and puts it back", async () => {
    const time = new VirtualTime();
    const real = { setTimeout, clearTimeout, now: Date.now, random: Math.random };
    const seen: number[] = [];
    await withVirtualGlobals(
      time,
      () => 0.25,
      async () => {
        const start = Date.now();
        setTimeout(() => seen.push(Date.now() - start), 3_600_000);
        clearTimeout(setTimeout(() => seen.push(-1), 1).unref());
        await time.run(4_000_000);
        seen.push(Math.random());
      },
    );
    expect(seen).toEqual([3_600_000, 0.25]);
    expect({ setTimeout, clearTimeout, now: Date.now, random: Math.random }).toEqual(real);
  });
});
