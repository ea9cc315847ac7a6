import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ALERTS, DASHBOARD, readOps } from "../support/ops-kit.ts";
import { README_PATH } from "../support/readme-blocks.ts";

/** Sections of the runbook, by their heading. */
const sections = new Map(
  readOps("README.md")
    .split("\n## Runbook\n")[1]!
    .split("\n### ")
    .slice(1)
    .map((section) => [section.split("\n", 1)[0]!, section.replace(/\s+/g, " ")]),
);

/** What stands in code in the project's README, in a line or a block. */
const documented = new Set(
  [...readFileSync(README_PATH, "utf8").matchAll(/`([^`\n]+)`|```ts\n(.*?)```/gs)].flatMap(
    ([, line, block]) => (line ?? block!).match(/\w+/g) ?? [],
  ),
);

describe("the runbook", () => {
  it("has a section for each alert, in the same order, and for nothing else", () => {
    expect([...sections.keys()]).toEqual(ALERTS.map(({ alert }) => alert));
  });

  it.each(ALERTS)("is where $alert leads to", ({ alert, annotations }) => {
    expect(annotations?.runbook_url).toBe(`examples/ops/README.md#${alert.toLowerCase()}`);
  });
});

describe.each([...sections])("the section on %s", (_alert, text) => {
  it("says what it means, where to look and what to turn", () => {
    for (const part of ["It means", "Look at", "Turn"]) expect(text).toContain(`**${part}**`);
  });

  it("names panels that the dashboard has", () => {
    const titles = DASHBOARD.panels.map(({ title }) => title);
    const named = [...text.matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !titles.some((title) => title.startsWith(name)))).toEqual([]);
  });

  it("names options that the README explains", () => {
    const paths = [...text.matchAll(/`([a-z]\w*(?:\.\w+)+)`/gi)].map(([, path]) => path!);
    const options = paths.filter((path) => !path.endsWith(".yml"));
    expect(options.filter((path) => !path.split(".").every((name) => documented.has(name)))).toEqual([]);
  });
});
