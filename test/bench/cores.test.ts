import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { environmentOfCore } from "../../bench/child/own-core.ts";
import { Child } from "../../bench/child-process.ts";
import { cpusIn, ownCores } from "../../bench/cores.ts";

describe("the cores of client and load server", () => {
  it("are two different ones wherever there are two and the system is Linux", () => {
    const cores = ownCores();
    const canHave = process.platform === "linux" && availableParallelism() > 1;
    expect(cores !== undefined).toBe(canHave);
    expect(cores?.client === cores?.server).toBe(!canHave);
  });

  it("are read from what the kernel allows", () => {
    expect(cpusIn("0-1")).toEqual([0, 1]);
    expect(cpusIn("3")).toEqual([3]);
    expect(cpusIn("0-2,5,8-9")).toEqual([0, 1, 2, 5, 8, 9]);
  });
});

describe("a process with a core of its own", () => {
  const ownCore = new URL("../../bench/child/own-core.ts", import.meta.url).href;
  const file = join(mkdtempSync(join(tmpdir(), "bench-core-")), "child.mjs");
  writeFileSync(
    file,
    `import { readdirSync, readFileSync } from "node:fs";
     const { stayOnOwnCore } = await import(${JSON.stringify(ownCore)});
     await stayOnOwnCore();
     const allowed = (task) => /^Cpus_allowed_list:\\s*(.+)$/m.exec(readFileSync(\`/proc/self/task/\${task}/status\`, "utf8"))[1];
     const tasks = process.platform === "linux" ? readdirSync("/proc/self/task") : [];
     process.send(Object.fromEntries(tasks.map((task) => [Number(task) === process.pid ? "main" : "others", allowed(task)])));`,
  );

  async function cpusOfChild(core: number | undefined): Promise<unknown> {
    const child = new Child("peer", pathToFileURL(file), {
      input: {},
      nodeOptions: ["--import", "tsx"],
      environment: environmentOfCore(core),
      timeoutMs: 20_000,
    });
    const cpus = await child.next();
    await child.end();
    return cpus;
  }

  const isLinux = process.platform === "linux";
  const everywhere = isLinux
    ? /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync("/proc/self/status", "utf8"))![1]
    : undefined;

  it("keeps its main thread there, and no other thread", async () => {
    const core = ownCores()?.server;
    const main = core === undefined ? everywhere : `${core}`;
    expect(await cpusOfChild(core)).toEqual(isLinux ? { main, others: everywhere } : {});
  });

  it("is left alone where its parent gave it none", async () => {
    expect(await cpusOfChild(undefined)).toEqual(isLinux ? { main: everywhere, others: everywhere } : {});
  });
});
