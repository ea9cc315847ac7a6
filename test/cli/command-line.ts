import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { runCli } from "../../lib/cli/program.ts";

const MAIN = fileURLToPath(new URL("../../lib/cli/main.ts", import.meta.url));

/** Runs the command line in this process. */
export async function run(...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((chunk, ...rest) => {
      written[stream] += chunk;
      const onWritten = rest.find((argument) => typeof argument === "function");
      onWritten?.();
      return true;
    }),
  );
  try {
    return { code: await runCli(args), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs the command line as a process. */
export function start(...args: string[]) {
  return startWith("pipe", ...args);
}

/** As {@link start}, with a file in place of standard output. */
export function startWith(stdoutTo: "pipe" | number, ...args: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, ...args], {
    stdio: ["pipe", stdoutTo, "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}
