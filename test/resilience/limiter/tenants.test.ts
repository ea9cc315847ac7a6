import { describe, expect, it } from "vitest";
import { Tenants } from "../../../lib/resilience/limiter/tenants.ts";

describe("tenants", () => {
  it("are active while they hold or wait for something", () => {
    const tenants = new Tenants();
    const [a, nameless] = [tenants.of("a"), tenants.of(undefined)];
    tenants.took(a);
    tenants.joined(a);
    tenants.took(nameless);
    expect(tenants.active).toBe(2);
    tenants.returned(a);
    tenants.returned(nameless);
    expect(tenants.active).toBe(1);
    tenants.left(a);
    expect(tenants.active).toBe(0);
  });

  it("are remembered while they are active, however many there are", () => {
    const tenants = new Tenants();
    const busy = Array.from({ length: 3_000 }, (_, i) => tenants.of(`key-${i}`));
    for (const tenant of busy) tenants.took(tenant);
    expect(busy.every((tenant) => tenants.of(tenant.key) === tenant)).toBe(true);
  });

  it("are forgotten when idle: a stream of new keys leaves nothing, in any of a thousand limiters", () => {
    const tenants = new Tenants();
    const seen = Array.from({ length: 50 }, (_, i) => tenants.of(`key-${i}`));
    for (const tenant of seen) {
      tenants.took(tenant);
      tenants.joined(tenant);
      tenants.returned(tenant);
      expect(tenants.of(tenant.key)).toBe(tenant);
      tenants.left(tenant);
    }
    expect(seen.filter((tenant) => tenants.of(tenant.key) === tenant)).toEqual([]);
    expect(tenants.active).toBe(0);
  });

  it("are not remembered before they have something: a flood of refused keys leaves nothing", () => {
    const tenants = new Tenants();
    expect(tenants.of("refused")).not.toBe(tenants.of("refused"));
  });
});
