import { describe, expect, it } from "vitest";
import { runsUnder, withoutNode } from "../../bench/node-version.ts";
import { fileNameOf } from "../../bench/part-file.ts";
import { buildDocument } from "../../bench/report/document.ts";
import { nodeVersionsTable } from "../../bench/report/node-versions.ts";
import { figure, partResult } from "./part-results.ts";

const WORK = "1 KB, 64 in flight";
const under = (node: string, own: number) =>
  partResult({
    machine: { ...partResult().machine, node },
    figures: [figure("holdfast", WORK, "CPU", own), figure("undici", WORK, "CPU", 10)],
  });

describe("a version of Node that is asked for", () => {
  it("is met by itself, and by every version of its line", () => {
    expect(runsUnder("22", "22.23.3")).toBe(true);
    expect(runsUnder("22.23.3", "22.23.3")).toBe(true);
    expect(runsUnder("2", "22.23.3")).toBe(false);
    expect(runsUnder("24", "22.23.3")).toBe(false);
  });

  it("is not passed on to the process that runs under it", () => {
    expect(withoutNode(["--quick", "--node", "22", "--parts", "tls"])).toEqual(["--quick", "--parts", "tls"]);
    expect(withoutNode(["--node=22", "--save"])).toEqual(["--save"]);
  });
});

describe("results of several versions of Node", () => {
  it("are kept beside each other", () => {
    expect(fileNameOf(under("20.20.2", 11))).toBe("closed-loop.json");
    expect(fileNameOf(under("24.21.0", 11))).toBe("closed-loop-node24.json");
  });

  it("stand side by side in a table, as ratios", () => {
    const table = nodeVersionsTable([under("26.10.0", 14), under("20.20.2", 11)])!;
    expect(table.header).toEqual(["goal", "at most", "Node 20", "Node 26"]);
    expect(table.rows).toEqual([["CPU, 1 KB, 64 in flight, x undici", "1.2", "1.10", "1.40"]]);
  });

  it("have no table where there is one version", () => {
    expect(nodeVersionsTable([under("20.20.2", 11)])).toBeUndefined();
  });

  it("leave the goals to the version that they are set for", () => {
    const document = buildDocument([under("24.21.0", 99), under("20.20.2", 11)]);
    const goals = document.find((block) => block.kind === "table")!;
    expect(goals.kind === "table" && goals.table.rows[0]![2]).toBe("1.10 x undici");
  });
});
