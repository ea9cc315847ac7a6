import { describe, expect, it } from "vitest";
import type { Recorder } from "../../lib/recorder.ts";
import { PerTarget } from "../../lib/resilience/per-target.ts";

interface Unit {
  readonly name: string;
  lastUsed: number;
}

/** Only handed on: nothing asks it for anything. */
const recorder = {} as Recorder;

function unit(name: string): Unit {
  return { name, lastUsed: 0 };
}

/** Units of a layer, and the names of those that metrics show. */
function shownUnits(maxTargets = 10) {
  const shown = new Set<string>();
  const evicted: string[] = [];
  const units = new PerTarget<Unit>(
    maxTargets,
    {
      show: (_recorder, { name }) => shown.add(name),
      hide: (_recorder, { name }) => shown.delete(name),
    },
    ({ name }) => evicted.push(name),
  );
  return { units, shown, evicted };
}

describe("PerTarget", () => {
  it("shows a unit from when it is made", () => {
    const { units, shown } = shownUnits();
    const first = units.add("a", unit("a"), recorder);
    expect(units.get("a")).toBe(first);
    expect(units.peek("b")).toBeUndefined();
    expect([...shown]).toEqual(["a"]);
  });

  it("hides what made room for another one, after it has said so", () => {
    const { units, shown, evicted } = shownUnits(1);
    units.add("a", unit("a"), recorder);
    units.add("b", unit("b"), recorder);
    expect(evicted).toEqual(["a"]);
    expect([...shown]).toEqual(["b"]);
  });

  it("hides all while its layer is off, also one that is made meanwhile, and shows them again", () => {
    const { units, shown } = shownUnits();
    units.add("a", unit("a"), recorder);
    units.show(false);
    units.add("b", unit("b"), recorder);
    expect([...shown]).toEqual([]);
    units.show(true);
    expect([...shown]).toEqual(["a", "b"]);
  });

  it("shows nothing any more once all is forgotten", () => {
    const { units, shown } = shownUnits();
    units.add("a", unit("a"), recorder);
    units.forgetAll();
    units.add("late", unit("late"), recorder);
    expect([...shown]).toEqual([]);
    expect([...units].map(({ name }) => name)).toEqual(["late"]);
  });

  it("works without metrics", () => {
    const { units, shown } = shownUnits();
    units.add("a", unit("a"), undefined);
    units.show(false);
    units.forgetAll();
    expect(units.recorder).toBeUndefined();
    expect([...shown]).toEqual([]);
  });
});
