import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import * as closedLabels from "../../lib/metrics/closed-label.ts";
import { sourceFiles } from "./source-files.ts";

/** Not what counts and names the values, nor what makes calls of its own. */
const ELSEWHERE = /^lib\/(metrics|local|load|cli)\/|^lib\/outcome\.ts$/;

/** What callers say, who are free to say any of its values. */
const SAID_BY_CALLERS = ["CALL_PRIORITY"];

/** Code without its types: a union names values that nothing may ever give. */
function withoutTypes(text: string): string {
  return transformSync(text, { loader: "ts" }).code;
}

const code = sourceFiles("lib", "middleware")
  .filter(({ path }) => !ELSEWHERE.test(path))
  .map(({ text }) => withoutTypes(text))
  .join("\n");

const labels = Object.entries(closedLabels).flatMap(([name, label]) => {
  const isClosed = "values" in label && typeof label.values !== "function";
  return isClosed ? [{ name, values: label.values as readonly string[] }] : [];
});

/** Whether it stands there as a text, or is counted by its name. */
function isSaid(value: string): boolean {
  return code.includes(JSON.stringify(value)) || code.includes(`.errors.${value}++`);
}

describe("a label whose values are known beforehand", () => {
  it("is found by this test at all", () => {
    expect(labels.map(({ name }) => name)).toEqual(expect.arrayContaining(["OUTCOME", ...SAID_BY_CALLERS]));
    expect(labels.length).toBeGreaterThan(9);
  });

  it.each(labels.filter(({ name }) => !SAID_BY_CALLERS.includes(name)))(
    "has no value that no code gives: $name",
    ({ values }) => {
      expect(values.filter((value) => !isSaid(value))).toEqual([]);
    },
  );

  it("would be found out by a value that stands in types alone", () => {
    expect(withoutTypes('type A = "lonely"; export let a: A;')).not.toContain("lonely");
    expect(isSaid("lonely")).toBe(false);
  });
});
