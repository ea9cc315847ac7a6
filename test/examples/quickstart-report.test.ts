import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { Counter, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { readFlowers } from "../../examples/quickstart/flowers/iris.ts";
import { formatReport } from "../../examples/quickstart/report/format.ts";
import { showProgress, writeLines } from "../../examples/quickstart/report/progress.ts";
import {
  readAttemptOutcomes,
  readBreakerTransitions,
} from "../../examples/quickstart/report/registry-view.ts";
import { Tally } from "../../examples/quickstart/report/tally.ts";
import { judge } from "../../examples/quickstart/report/verdict.ts";

describe("the report", () => {
  it("says all that was counted, a section a topic", () => {
    const report = formatReport({
      calls: 5000,
      answers: 4990,
      lostByError: new Map([
        ["ConnectionError", 3],
        ["ServiceUnavailable", 7],
      ]),
      concurrency: 64,
      seconds: 8.04,
      scores: [
        {
          variant: "bayes",
          answers: 3300,
          allRows: { right: 144, asked: 150 },
          heldOutRows: { right: 48, asked: 50 },
        },
        { variant: "tree", answers: 0, allRows: { right: 0, asked: 0 }, heldOutRows: { right: 0, asked: 0 } },
      ],
      attemptOutcomes: [
        { variant: "bayes", outcome: "server_error", count: 180 },
        { variant: "bayes", outcome: "ok", count: 3300 },
        { variant: "_unknown", outcome: "reset", count: 25 },
      ],
      callsByAttempts: new Map([
        [2, 200],
        [1, 4790],
        [3, 10],
      ]),
      latencyMs: { p50: 12.345, p95: 80, p99: 3001.25, max: 3100 },
      breakerTransitions: [
        { endpoint: "iris", variant: "tree", to: "open", count: 1 },
        { endpoint: "iris", variant: "tree", to: "half_open", count: 2 },
      ],
    });
    expect(report).toBe(
      [
        "5000 calls, 64 at a time, in 8.0 s (622 a second)",
        "4990 answers",
        "lost: ServiceUnavailable 7, ConnectionError 3",
        "",
        "accuracy   answers              all rows       held-out rows",
        "  bayes       3300   144 of 150 (96.0 %)   48 of 50 (96.0 %)",
        "  tree           0                     -                   -",
        "",
        "outcome of attempts     ok   server_error   reset",
        "  _unknown               0              0      25",
        "  bayes               3300            180       0",
        "",
        "attempts a call      1     2    3    mean",
        "  calls           4790   200   10   1.044",
        "",
        "latency, waits included    p50    p95      p99      max",
        "  ms                      12.3   80.0   3001.3   3100.0",
        "",
        "breaker transitions",
        "  iris (tree): open 1, half_open 2",
      ].join("\n"),
    );
  });
});

describe("the tally", () => {
  const flowers = readFlowers();
  const base = { attempts: 1, latencyMs: 2 };
  const answer = (variant: string, row: number, species: "setosa" | "virginica") =>
    ({ ...base, kind: "answered", variant, species, flower: flowers[row - 1]! }) as const;

  it("scores a variant by rows, on all of them and on those held out", () => {
    const tally = new Tally(["a", "b"], new Set([2, 3]));
    for (const row of [1, 2, 2, 3]) tally.add(answer("a", row, "setosa"));
    tally.add(answer("a", 4, "virginica"));
    expect(tally.scores()).toEqual([
      { variant: "a", answers: 5, allRows: { right: 3, asked: 4 }, heldOutRows: { right: 2, asked: 2 } },
      { variant: "b", answers: 0, allRows: { right: 0, asked: 0 }, heldOutRows: { right: 0, asked: 0 } },
    ]);
  });

  it("holds a row for wrong once one answer about it was wrong", () => {
    const tally = new Tally([], new Set());
    tally.add(answer("a", 1, "virginica"));
    tally.add(answer("a", 1, "setosa"));
    expect(tally.scores()[0]?.allRows).toEqual({ right: 0, asked: 1 });
  });

  it("counts losses by error name and calls by attempts", () => {
    const tally = new Tally([], new Set());
    tally.add({ ...base, kind: "lost", errorName: "TimeoutError", flower: flowers[0]!, attempts: 3 });
    tally.add(answer("a", 1, "setosa"));
    expect([tally.calls, tally.answers, tally.lost]).toEqual([2, 1, 1]);
    expect(Object.fromEntries(tally.lostByError)).toEqual({ TimeoutError: 1 });
    expect(Object.fromEntries(tally.callsByAttempts)).toEqual({ 1: 1, 3: 1 });
  });

  it("gives latency quantiles in milliseconds", () => {
    const tally = new Tally([], new Set());
    for (let ms = 1; ms <= 100; ms++) tally.add({ ...answer("a", 1, "setosa"), latencyMs: ms });
    const expected = { p50: 50, p95: 95, p99: 99, max: 100 };
    const latency = tally.latency();
    for (const quantile of ["p50", "p95", "p99", "max"] as const) {
      expect(Math.abs(latency[quantile] / expected[quantile] - 1)).toBeLessThan(0.002);
    }
  });
});

describe("the verdict", () => {
  const score = (right: number, asked: number) => ({
    variant: "tree",
    answers: asked,
    allRows: { right, asked },
    heldOutRows: { right, asked },
  });

  it("passes a run without a loss whose variants are right often enough", () => {
    expect(judge(5000, 0, [score(46, 50)], 50)).toEqual({ passed: true, lines: ["5000 calls, 0 lost"] });
  });

  it("fails a run with one loss", () => {
    expect(judge(5000, 1, [score(50, 50)], 50)).toEqual({ passed: false, lines: ["5000 calls, 1 lost"] });
  });

  it("fails a variant that is right in nine of ten rows and not above", () => {
    expect(judge(5000, 0, [score(45, 50)], 50)).toEqual({
      passed: false,
      lines: ["tree knew 45 of 50 held-out rows, which is not above 90 %", "5000 calls, 0 lost"],
    });
  });

  it("does not judge a variant that was asked about a part of the rows only", () => {
    expect(judge(10, 0, [score(0, 3)], 50).passed).toBe(true);
  });
});

describe("the view of the registry", () => {
  it("adds up attempts of every kind and leaves out what never happened", async () => {
    const registry = new Registry();
    const attempts = new Counter({
      name: "sagemaker_client_attempts_total",
      help: "attempts",
      labelNames: ["endpoint", "variant", "outcome", "kind"],
      registers: [registry],
    });
    attempts.inc({ endpoint: "iris", variant: "tree", outcome: "ok", kind: "first" }, 3);
    attempts.inc({ endpoint: "iris", variant: "tree", outcome: "ok", kind: "retry" }, 2);
    attempts.inc({ endpoint: "iris", variant: "tree", outcome: "timeout", kind: "first" }, 0);
    expect(await readAttemptOutcomes(registry)).toEqual([{ variant: "tree", outcome: "ok", count: 5 }]);
  });

  it("finds no transitions where there is no breaker", async () => {
    expect(await readBreakerTransitions(new Registry())).toEqual([]);
  });
});

describe("progress on a terminal", () => {
  it("leaves its line wrapping alone, which nobody would restore after a kill", () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    const progress = showProgress(10, terminal as unknown as WriteStream);
    progress.update(1, 0);
    progress.stop();
    const shown = String(terminal.read());
    expect(shown).toContain("/10 calls");
    expect(shown).not.toContain("\x1b[?7l");
  });
});

describe("progress without a terminal", () => {
  it("writes one line for each fifth of the calls", () => {
    const written: string[] = [];
    const progress = writeLines(10, { write: (text: string) => written.push(text) });
    for (let done = 1; done <= 10; done++) progress.update(done, done > 5 ? 1 : 0);
    progress.stop();
    expect(written.join("")).toBe(
      "2/10 calls, 0 lost\n4/10 calls, 0 lost\n6/10 calls, 1 lost\n8/10 calls, 1 lost\n10/10 calls, 1 lost\n",
    );
  });
});
