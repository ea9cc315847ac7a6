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

  it("stays at its capacity under a stream of new names", () => {
    const keyed = new Keyed<Named>(16);
    for (let i = 0; i < 10_000; i++) keyed.add(`model-${i}`, unit("x"));
    expect(keyed.size).toBe(16);
  });
});
