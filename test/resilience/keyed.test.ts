import { describe, expect, it } from "vitest";
import { Keyed, type KeyedUnit } from "../../lib/resilience/keyed.ts";

interface Named extends KeyedUnit {
  readonly name: string;
}
const unit = (name: string): Named => ({ name, lastUsed: 0 });

describe("state per key", () => {
  it("forgets the least recently used key when a new one finds it full", () => {
    const evicted: string[] = [];
    const keyed = new Keyed<Named>(2, ({ name }) => evicted.push(name));
    keyed.add("a", unit("a"));
    keyed.add("b", unit("b"));
    keyed.get("a");
    keyed.add("c", unit("c"));
    expect(evicted).toEqual(["b"]);
    expect([...keyed].map(({ name }) => name)).toEqual(["a", "c"]);
  });

  it("makes no room for a key while there is some", () => {
    const evicted: string[] = [];
    const keyed = new Keyed<Named>(2, ({ name }) => evicted.push(name));
    for (const name of ["a", "b"]) keyed.add(name, unit(name));
    expect(evicted).toEqual([]);
    expect(keyed.get("a")?.name).toBe("a");
    expect(keyed.get("c")).toBeUndefined();
  });

  it("takes a look for no use", () => {
    const keyed = new Keyed<Named>(2);
    keyed.add("a", unit("a"));
    keyed.add("b", unit("b"));
    expect(keyed.peek("a")?.name).toBe("a");
    keyed.add("c", unit("c"));
    expect(keyed.peek("a")).toBeUndefined();
    expect(keyed.peek("b")?.name).toBe("b");
  });

  it("forgets the least recently used keys when its capacity shrinks, and keeps to it", () => {
    const evicted: string[] = [];
    const keyed = new Keyed<Named>(3, ({ name }) => evicted.push(name));
    for (const name of ["a", "b", "c"]) keyed.add(name, unit(name));
    keyed.get("a");
    keyed.resize(3);
    expect(evicted).toEqual([]);
    keyed.resize(1);
    expect(evicted).toEqual(["b", "c"]);
    keyed.add("d", unit("d"));
    expect([...keyed].map(({ name }) => name)).toEqual(["d"]);
    keyed.resize(2);
    keyed.add("e", unit("e"));
    expect(keyed.size).toBe(2);
  });

  it("looks at each key a few times when its capacity shrinks, however many go", () => {
    const count = 2_000;
    let looks = 0;
    const watched = (): KeyedUnit => {
      let lastUsed = 0;
      return {
        get lastUsed() {
          looks++;
          return lastUsed;
        },
        set lastUsed(use) {
          lastUsed = use;
        },
      };
    };
    const keyed = new Keyed<KeyedUnit>(count);
    for (let i = 0; i < count; i++) keyed.add(`model-${i}`, watched());
    looks = 0;
    keyed.resize(1);
    expect(keyed.size).toBe(1);
    expect(looks / count).toBeLessThan(4 * Math.log2(count));
  });

  it("forgets every key at once, and tells of each when it is empty already", () => {
    const seen: [string, number][] = [];
    const keyed = new Keyed<Named>(3, ({ name }) => seen.push([name, keyed.size]));
    for (const name of ["a", "b"]) keyed.add(name, unit(name));
    keyed.clear();
    expect(seen).toEqual([
      ["a", 0],
      ["b", 0],
    ]);
    expect(keyed.get("a")).toBeUndefined();
  });

  it("may be told to forget without telling anyone", () => {
    const keyed = new Keyed<Named>(1);
    keyed.add("a", unit("a"));
    keyed.clear();
    expect(keyed.size).toBe(0);
  });

  it("keeps nothing where there is room for none, but the key that is used", () => {
    const keyed = new Keyed<Named>(0);
    keyed.add("a", unit("a"));
    keyed.add("b", unit("b"));
    expect([...keyed].map(({ name }) => name)).toEqual(["b"]);
  });

  it("stays at its capacity under a stream of new names", () => {
    const keyed = new Keyed<Named>(16);
    for (let i = 0; i < 10_000; i++) keyed.add(`model-${i}`, unit("x"));
    expect(keyed.size).toBe(16);
  });
});
