import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseFaultScript } from "../../lib/local/index.ts";
import { README_PATH, readmeBlocks, regionOf } from "../support/readme-blocks.ts";

const readme = readFileSync(README_PATH, "utf8");

describe("the README", () => {
  const blocks = readmeBlocks(readme);

  it("shows code of three examples", () => {
    expect(blocks.map(({ region }) => region)).toEqual(["minimal", "response-stream", "custom-middleware"]);
  });

  it.each(blocks)("shows $file as it is run", (block) => {
    expect(block.code).toBe(regionOf(block));
  });

  it("shows a fault script that the local endpoint takes", () => {
    const script = readme.match(/```json\n([\s\S]*?)```/)?.[1] ?? "";
    expect(parseFaultScript(JSON.parse(script)).rules.length).toBe(2);
  });

  it("has the first example within its first 40 lines", () => {
    expect(
      readme.split("\n").findIndex((line) => line.includes("import { InvokeEndpointCommand")),
    ).toBeLessThan(40);
  });
});
