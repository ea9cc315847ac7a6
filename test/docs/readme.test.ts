import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseFaultScript } from "../../lib/local/index.ts";
import { README_PATH, readmeBlocks, regionOf } from "../support/readme-blocks.ts";

const readme = readFileSync(README_PATH, "utf8");

/** What the local endpoint says of a rule that it does not take: after "one of" or "known here:", what it would. */
function refusalOf(rule: object): string {
  try {
    parseFaultScript({ rules: [rule] });
    return "";
  } catch (error) {
    return (error as Error).message.replace(/^.*(one of|known here:)/, "").replace(/, got .*$/, "");
  }
}

function namesIn(text: string): string[] {
  return (text.match(/[a-z]\w+/gi) ?? []).filter((name) => name !== "and").sort();
}

describe("the README", () => {
  const blocks = readmeBlocks(readme);

  it("shows code of four examples", () => {
    expect(blocks.map(({ region }) => region)).toEqual([
      "minimal",
      "response-stream",
      "custom-middleware",
      "aws-sdk-plugin",
    ]);
  });

  it.each(blocks)("shows $file as it is run", (block) => {
    expect(block.code).toBe(regionOf(block));
  });

  it("shows a fault script that the local endpoint takes", () => {
    const script = readme.match(/```json\n([\s\S]*?)```/)?.[1] ?? "";
    expect(parseFaultScript(JSON.parse(script)).rules.length).toBe(2);
  });

  it("names every fault, and all that a rule may be for", () => {
    const [, faults = "", match = ""] =
      readme.match(/^Faults are ([\s\S]*?); what a rule is for\nis said by ([\s\S]*?)\. The types/m) ?? [];
    expect(namesIn(faults)).toEqual(namesIn(refusalOf({ fault: { type: "none" } })));
    expect(namesIn(match)).toEqual(namesIn(refusalOf({ match: { none: 1 }, fault: { type: "reset" } })));
  });

  it("has the first example within its first 40 lines", () => {
    const lines = readme.split("\n").slice(0, 40);
    expect(lines.some((line) => line.includes("import { InvokeEndpointCommand"))).toBe(true);
  });
});
