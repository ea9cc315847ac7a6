import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";

const MAIN = new URL("../../examples/quickstart/main.ts", import.meta.url);

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

function start(...args: string[]): ChildProcess {
  const child = fork(MAIN, args, { execArgv: ["--import", "tsx"], silent: true });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** The whole output: the streams end only when the containers, which write to them too, have ended. */
async function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "exit"),
  ]);
  return { stdout, stderr, exitCode };
}

const lastLine = (output: string) => output.trimEnd().split("\n").at(-1);

// Each run waits for a model to load, on a machine that may be busy with the other tests.
describe("npm start", { timeout: 120_000 }, () => {
  it("loses no call although the endpoint misbehaves, and says so in its last line", async () => {
    const { stdout, stderr, exitCode } = await ended(start("--calls", "300"));
    expect(stdout).not.toMatch(/^lost:/m);
    expect(lastLine(stdout)).toBe("300 calls, 0 lost");
    expect(exitCode).toBe(0);
    for (const variant of ["bayes", "tree"]) expect(stdout).toMatch(new RegExp(`^  ${variant} +[1-9]`, "m"));
    // Progress and nothing else: no warning of ours or of Node's.
    expect(stderr.replace(/^\d+\/300 calls, 0 lost\n/gm, "")).toBe("");
  });

  it("shows with the layers off what a caller would have lost, and fails for it", async () => {
    const { stdout, exitCode } = await ended(start("--calls", "300", "--bare"));
    expect(stdout).toMatch(/^lost: .*\bModelNotReadyException \d+/m);
    expect(stdout).toMatch(/^lost: .*\bServiceUnavailable \d+/m);
    expect(lastLine(stdout)).toMatch(/^300 calls, [1-9]\d* lost$/);
    expect(exitCode).toBe(1);
  });

  it("keeps the metrics up with --stay until it is interrupted, and then ends with the run's exit code", async () => {
    const child = start("--calls", "20", "--stay");
    const end = ended(child);
    const metrics = await outputMatching(child, /^(\S+) stays up until Ctrl-C\.\n.*lost\n/m);
    const body = await (await fetch(metrics[1]!)).text();
    expect(body).toContain("sagemaker_client_requests_total{");
    child.kill("SIGINT");
    expect((await end).exitCode).toBe(0);
  });

  it("cleans up after Ctrl-C in the middle of the calls, and says that it was interrupted", async () => {
    const child = start("--calls", "1000000");
    const end = ended(child);
    await outputMatching(child, /^Metrics/m);
    child.kill("SIGINT");
    const { stderr, exitCode } = await end;
    expect(lastLine(stderr)).toBe("interrupted by SIGINT");
    expect(exitCode).toBe(130);
  });

  it("refuses a bad option in one line, with exit code 2, before it starts anything", async () => {
    const { stdout, stderr, exitCode } = await ended(start("--calls", "none"));
    expect(stderr).toBe(
      "error: option '--calls <number>' argument 'none' is invalid. It must be a whole number from 1 to 10000000.\n",
    );
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
  });
});

/** The match, as soon as the output so far has one. */
function outputMatching(child: ChildProcess, pattern: RegExp): Promise<RegExpMatchArray> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout!.on("data", (chunk) => {
      output += chunk;
      const match = output.match(pattern);
      if (match) resolve(match);
    });
    child.once("exit", () => reject(new Error(`it ended without ${pattern}: ${output}`)));
  });
}
