import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { start, startWith } from "./command-line.ts";
import { loadFlags as flags, loadRuns } from "./load-runs.ts";

const PAYLOAD = "a-payload-that-nobody-may-see";

/** Of each two calls, one is never answered. */
const HANGING = { rules: [{ match: { every: 2 }, fault: { type: "stall" } }] } as const;

const runs = loadRuns();

describe("after Ctrl+C, holdfast load", () => {
  it("prints what was measured until then, of a payload from standard input", async () => {
    const bodies = new Set<string>();
    const container = ({ body }: { body: Uint8Array }) => {
      bodies.add(Buffer.from(body).toString());
      return { body: "ok" };
    };
    const url = await runs.startEndpoint({ variants: [{ name: "only", weight: 1, container }] });
    const { child, ended } = start(...flags(url, 50, 60), "--yes", "--body-file", "-");
    child.stdin?.end(PAYLOAD);
    await expect.poll(() => bodies.size, { timeout: 20_000 }).toBe(1);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([
      130,
      expect.stringMatching(/^Stopping: .* in flight\..*\nerror: interrupted\n$/),
    ]);
    expect([...bodies]).toEqual([PAYLOAD]);
    expect(stdout).toMatch(/^only +\d+ +100\.00 % +0\.00 %/m);
    expect(stdout).toMatch(/^Stopped early: \d+ of 3,000 calls were due by then\.$/m);
  });

  it("says how many calls it waits for; a second one ends them, and the results are whole", async () => {
    const url = await runs.startEndpoint({ faults: HANGING });
    const json = runs.path("given-up.json");
    const { child, ended, stderr } = start(...flags(url, 50, 60), "--json", json);
    await expect.poll(() => runs.requests(), { timeout: 20_000 }).toBeGreaterThan(5);
    child.kill("SIGINT");
    await expect
      .poll(stderr, { timeout: 20_000 })
      .toMatch(
        /^Stopping: (1 call is|\d+ calls are) in flight\. Ctrl\+C again reports without (it|them)\.\n$/,
      );
    const stoppedAt = performance.now();
    // Sooner, it would be the same keystroke, delivered twice.
    await expect.poll(() => performance.now() - stoppedAt, { timeout: 20_000 }).toBeGreaterThan(500);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect([code, stderr()]).toEqual([130, expect.stringMatching(/\nerror: interrupted\n$/)]);
    const [{ sentCalls, succeededCalls, unfinishedCalls, outcomes }] = (await runs.results("given-up.json"))
      .configurations;
    expect(unfinishedCalls).toBeGreaterThan(0);
    expect(sentCalls).toBe(succeededCalls + unfinishedCalls);
    expect(Object.keys(outcomes)).toEqual(["ok"]);
    expect(stdout).toMatch(new RegExp(`^${unfinishedCalls} calls? (were|was) given up in flight\\.`, "m"));
  });
});

describe("where standard output fails, holdfast load", () => {
  it("ends as usual when the reader has left, and writes the results", async () => {
    const url = await runs.startEndpoint();
    const { child, ended } = start(...flags(url, 50, 0.5), "--json", runs.path("left.json"));
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect((await runs.results("left.json")).configurations[0].succeededCalls).toBe(25);
  });

  it.skipIf(!existsSync("/dev/full"))(
    "says in one line that a disk is full, after writing the results",
    async () => {
      const url = await runs.startEndpoint();
      const full = await open("/dev/full", "w");
      const { ended } = startWith(full.fd, ...flags(url, 50, 0.5), "--json", runs.path("full.json"));
      const { code, stderr } = await ended;
      await full.close();
      expect([code, stderr]).toEqual([1, "error: standard output: ENOSPC: no space left on device, write\n"]);
      expect((await runs.results("full.json")).configurations[0].succeededCalls).toBe(25);
    },
  );
});
