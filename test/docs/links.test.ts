import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { README_PATH } from "../support/readme-blocks.ts";

const ROOT = dirname(README_PATH);

const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "bench/README.md",
  "bench/simulate/README.md",
  "examples/ops/README.md",
  "examples/quickstart/README.md",
];

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** What links of a page go to, within the repository. */
function linksOf(page: string): string[] {
  return [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to]) => to!)
    .filter((to) => !to.includes(":"));
}

/** The anchors of a page, as code hosts make them of its headings. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(PAGES)("the links of %s", (page) => {
  it("go to files that there are", () => {
    const paths = linksOf(page).flatMap((to) => to.split("#", 1).filter((path) => path !== ""));
    expect(paths.filter((path) => !existsSync(join(ROOT, dirname(page), path)))).toEqual([]);
  });

  it("go to headings that there are", () => {
    const anchored = linksOf(page).map((to) => to.split("#") as [path: string, anchor?: string]);
    const broken = anchored.filter(([path, anchor]) => {
      const goal = path === "" ? page : join(dirname(page), path);
      return anchor !== undefined && !anchorsOf(goal).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
