import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatReport } from "../../../bench/report/console.ts";
import { tableToMarkdown } from "../../../bench/report/markdown.ts";
import { workTables } from "../../../bench/report/tables.ts";
import { renderReport, writeReport } from "../../../bench/report/write.ts";
import { figure, openLoopPart, partResult, soakPart } from "../part-results.ts";

const WORK = "1 KB, 64 in flight";
const PARTS = [partResult(), openLoopPart(), soakPart()];

describe("the table of a kind of work", () => {
  it("has median, range and both ratios, the baseline first and the best behind it", () => {
    const table = workTables(partResult()).get(WORK)!;
    expect(table.header).toEqual([
      WORK,
      ...["CPU us/call", "x undici", "x aws-sdk"],
      ...["heap bytes/call", "x undici", "x aws-sdk"],
    ]);
    expect(table.rows).toEqual([
      ["undici", "32.0 (30.0 - 34.0)", "1.00", "0.0681", "13,000", "1.00", "0.0823"],
      ["holdfast", "36.0 (35.0 - 40.0)", "1.13", "0.0766", "12,000 (11,900 - 12,100)", "0.923", "0.0759"],
      ["aws-sdk", "470 (320 - 480)", "14.7", "1.00", "158,000 (157,900 - 158,100)", "12.2", "1.00"],
    ]);
  });

  it("has a dash where a client lacks a figure, and no ratio to a client that was not measured", () => {
    const part = partResult({
      figures: [
        figure("raw", WORK, "rate", 9e4),
        figure("undici", WORK, "CPU", 30),
        figure("undici", WORK, "rate", 3e4),
      ],
    });
    expect(workTables(part).get(WORK)).toEqual({
      header: [WORK, "CPU us/call", "x undici", "rate calls/s"],
      rows: [
        ["undici", "30.0", "1.00", "30,000"],
        ["raw", "-", "-", "90,000"],
      ],
    });
  });

  it("ranks by the first metric, and those that lack it by the next", () => {
    const figures = [
      figure("retry", WORK, "layerCPU", 3),
      figure("sign", WORK, "layerCPU", 9),
      figure("deadline", WORK, "layerCPU", 1),
      figure("holdfast", WORK, "CPU", 30),
    ];
    const { rows } = workTables(partResult({ figures })).get(WORK)!;
    expect(rows.map(([client]) => client)).toEqual(["holdfast", "deadline", "retry", "sign"]);
  });

  it("is a table of Markdown whose cells cannot break it", () => {
    expect(tableToMarkdown({ header: ["work", "CPU"], rows: [["a|b", "1"]] })).toBe(
      ["| work | CPU |", "| --- | ---: |", "| a\\|b | 1 |"].join("\n"),
    );
  });
});

describe("the report", () => {
  const files = renderReport(PARTS);
  const [markdown, html] = [files.get("report.md")!, files.get("report.html")!];

  it("is made of the same bytes from the same results, whatever was drawn before", () => {
    expect([...renderReport(PARTS)]).toEqual([...files]);
  });

  it("says of each part what it was measured with", () => {
    for (const text of [markdown, html, formatReport(PARTS)]) {
      expect(text).toContain("npm run bench -- --parts closed-loop --save");
      expect(text).toContain("0123abc, 2026-01-06T09:00:00.000Z");
      expect(text).toContain("A CPU, 2 cores, 8.00 GB, load average 0.50");
      expect(text).toContain("Node 20.20.2");
      expect(text).toContain("undici 7.30.2");
    }
  });

  it("says whether client and load server had a core each, where there was that to know", () => {
    const coresOf = (changes: object) => /\*\*cores\*\*: (.*)/.exec(reportOf(changes))?.[1];
    const reportOf = (changes: object) => renderReport([partResult(changes)]).get("report.md")!;
    expect(coresOf({ hasOwnCores: true })).toBe("one for the client, one for the load server");
    expect(coresOf({ hasOwnCores: false })).toBe("wherever the system put them");
    expect(coresOf({})).toBeUndefined();
  });

  it("warns of a machine that was busy, and not of a quiet one", () => {
    const busy = partResult({ machine: { ...partResult().machine, loadAverage: 2 } });
    expect(formatReport([busy])).toContain("busy with other work");
    expect(formatReport([partResult()])).not.toContain("busy with other work");
  });

  it("says what the machine's host took of its time, where that is known, and warns of much", () => {
    const reportOf = (changes: object) => formatReport([partResult(changes)]);
    expect(reportOf({ stolenShare: 0.0012 })).toContain(
      "before the run, 0.12 % of its time taken by its host",
    );
    expect(reportOf({ stolenShare: 0.0012 })).not.toContain("caution");
    expect(reportOf({ stolenShare: 0.005 })).toContain("its host was busy with others: expect wide ranges");
    expect(reportOf({})).not.toContain("its host");
  });

  it("links each plot from Markdown and holds it in HTML", () => {
    const plots = [...files.keys()].filter((file) => file.endsWith(".svg"));
    expect(plots).toEqual([
      "plots/closed-loop-1-kb-64-in-flight-cpu.svg",
      "plots/closed-loop-1-kb-64-in-flight-heap.svg",
      "plots/open-loop-1-kb-open-loop-5-000-s-percentiles.svg",
      "plots/soak-30-minutes-rss-over-time.svg",
      "plots/soak-30-minutes-goodput-over-time.svg",
    ]);
    for (const plot of plots) {
      expect(markdown).toContain(`](${plot})`);
      expect(html).toContain(files.get(plot)!.trim());
    }
    expect(html.match(/<svg /g)).toHaveLength(plots.length);
  });

  it("loads nothing from elsewhere", () => {
    expect(html).not.toMatch(/\b(?:src|href)="(?!#)/);
  });

  it("shows no text of a result as markup", () => {
    const part = partResult({ machine: { ...partResult().machine, cpu: "<b>&" } });
    expect(renderReport([part]).get("report.html")).toContain("&lt;b&gt;&amp;");
  });

  it("says where there are no results, and holds every goal even then", () => {
    const empty = renderReport([]);
    expect([...empty.keys()]).toEqual(["report.md", "report.html"]);
    expect(empty.get("report.md")).toContain("There are no results yet");
    expect(empty.get("report.md")).toContain("not measured");
  });
});

describe("writing the report", () => {
  it("takes away the plots of an earlier one, and nothing else", () => {
    const directory = mkdtempSync(join(tmpdir(), "bench-report-"));
    writeReport(PARTS, directory);
    writeFileSync(join(directory, "plots", "notes.txt"), "kept");
    const written = writeReport([partResult()], directory);
    expect(readdirSync(join(directory, "plots"))).toEqual([
      "closed-loop-1-kb-64-in-flight-cpu.svg",
      "closed-loop-1-kb-64-in-flight-heap.svg",
      "notes.txt",
    ]);
    expect(written.every((file) => existsSync(file))).toBe(true);
    expect(readFileSync(join(directory, "report.md"), "utf8")).toBe(
      renderReport([partResult()]).get("report.md"),
    );
  });
});
