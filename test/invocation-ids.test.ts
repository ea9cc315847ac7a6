import { describe, expect, it } from "vitest";
import { InvocationIds } from "../lib/invocation-ids.ts";

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("invocation ids", () => {
  it("are version 4 UUIDs, none of them twice", () => {
    const ids = new InvocationIds();
    const seen = Array.from({ length: 10_000 }, () => ids.next());
    expect(new Set(seen).size).toBe(10_000);
    for (const id of seen) expect(id).toMatch(VERSION_4);
  });

  it("differ between clients in more than the counter", () => {
    const [one, other] = [new InvocationIds().next(), new InvocationIds().next()];
    expect(one.slice(0, 30)).not.toBe(other.slice(0, 30));
  });
});
