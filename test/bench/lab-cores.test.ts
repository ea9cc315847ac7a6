import { readdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBench } from "../../bench/build.ts";
import { ownCores } from "../../bench/cores.ts";
import { Lab } from "../../bench/lab.ts";
import { SMALL_WORK } from "../../bench/work.ts";

/** A client that does no more than fail with the cores that its process may run on. */
const CORE_TELLER = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from "node:fs";
  export const client = {
    open() { throw new Error(/^Cpus_allowed_list:.*$/m.exec(readFileSync("/proc/self/status", "utf8"))[0]); },
  };`)}`;

let build: URL;
beforeAll(async () => {
  build = await buildBench();
}, 60_000);
afterAll(() => rmSync(new URL("../../", build), { recursive: true }));

function askClient(lab: Lab): Promise<unknown> {
  const input = { clientUrl: CORE_TELLER, target: lab.target, work: SMALL_WORK };
  return lab.measure({ name: "teller", program: "closed-loop", input, plannedMs: 0 });
}

/** The cores of the main thread of the load server, whose program is `server/main.js` of this build. */
function coresOfServer(): string {
  const program = new URL("server/main.js", build).pathname;
  const [pid] = readdirSync("/proc").filter(
    (name) => /^\d+$/.test(name) && commandOf(name).includes(program),
  );
  return coresOf(pid!);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}

function coresOf(pid: string): string {
  return /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]!;
}

describe("client and load server", () => {
  it("run on the cores that they are given, and everywhere without", async () => {
    const cores = ownCores();
    if (process.platform !== "linux") return expect(cores).toBeUndefined();
    const everywhere = coresOf("self");
    for (const given of [cores, undefined]) {
      await Lab.use(build, { ...SMALL_WORK, cores: given }, async (lab) => {
        expect(coresOfServer()).toBe(`${given?.server ?? everywhere}`);
        await expect(askClient(lab)).rejects.toThrow(new RegExp(`:\\t${given?.client ?? everywhere}$`));
      });
    }
  });
});
