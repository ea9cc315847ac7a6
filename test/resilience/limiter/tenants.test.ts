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

  it("are forgotten when idle, but for some: a stream of new keys does not grow memory", () => {
    const tenants = new Tenants();
    const seen = Array.from({ length: 5_000 }, (_, i) => tenants.of(`key-${i}`));
    for (const tenant of seen) {
      tenants.took(tenant);
      tenants.returned(tenant);
    }
    expect(seen.filter((tenant) => tenants.of(tenant.key) === tenant).length).toBe(1_024);
  });

  it("are remembered when idle however many others are active", () => {
    const tenants = new Tenants();
    for (let i = 0; i < 3_000; i++) tenants.took(tenants.of(`busy-${i}`));
    const idle = tenants.of("idle");
    tenants.took(idle);
    tenants.returned(idle);
    expect(tenants.of("idle")).toBe(idle);
  });

  it("are not remembered before they have something: a flood of refused keys leaves nothing", () => {
    const tenants = new Tenants();
    expect(tenants.of("refused")).not.toBe(tenants.of("refused"));
  });
});
