import { describe, expect, it } from "vitest";
import { isName, LabelGuard } from "../../lib/metrics/label-guard.ts";

function guard(limit: number) {
  const overflows: number[] = [];
  const cells = new LabelGuard({
    limit,
    create: (label) => ({ label }),
    onOverflow: () => overflows.push(1),
  });
  return { cells, overflows };
}

describe("LabelGuard", () => {
  it("makes cells on first sight of a name and finds them again", () => {
    const { cells, overflows } = guard(2);
    expect(cells.get("blue")).toBe(cells.get("blue"));
    expect(cells.get("blue")).not.toBe(cells.get("green"));
    expect(overflows).toEqual([]);
  });

  it("counts names beyond its limit together, and says so each time", () => {
    const { cells, overflows } = guard(1);
    cells.get("blue");
    expect(cells.get("green").label).toBe("_other");
    expect(cells.get("red")).toBe(cells.get("green"));
    expect(overflows).toHaveLength(3);
    expect(cells.get("blue").label).toBe("blue");
  });

  it("has room again once a name is deleted", () => {
    const { cells } = guard(1);
    cells.get("blue");
    cells.delete("blue");
    expect(cells.get("green").label).toBe("green");
    expect(cells.find("blue")).toBeUndefined();
  });

  it("stays small under a stream of hostile names", () => {
    const { cells, overflows } = guard(16);
    for (let i = 0; i < 100_000; i++) cells.get(`v-${i}`);
    expect(cells.all()).toHaveLength(17);
    expect(overflows).toHaveLength(100_000 - 16);
  });
});

describe("isName", () => {
  it.each(["a", "9", "my-endpoint-2026", "a--b", "x".repeat(63)])("takes %s", (name) => {
    expect(isName(name)).toBe(true);
  });

  it.each([
    "",
    "-a",
    "a-",
    "a_b",
    "_unknown",
    'a"b',
    "a\nb",
    "a,b",
    "é",
    "x".repeat(64),
    42,
    undefined,
    null,
    {},
  ])("refuses %s", (name) => {
    expect(isName(name)).toBe(false);
  });
});
