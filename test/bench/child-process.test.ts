import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { Child } from "../../bench/child-process.ts";

const directory = mkdtempSync(join(tmpdir(), "bench-child-"));

describe("a child", () => {
  let files = 0;
  function write(code: string): URL {
    const file = join(directory, `${files++}.mjs`);
    writeFileSync(file, code);
    return pathToFileURL(file);
  }
  function start(code: string, timeoutMs = 20_000): Child<unknown> {
    const nodeOptions = ["--import", "tsx"];
    return new Child("peer", write(code), { input: { answer: 42 }, nodeOptions, timeoutMs });
  }

  it("gets its input and sends messages", async () => {
    const child = start("process.send(JSON.parse(process.argv[2]))");
    expect(await child.next()).toEqual({ answer: 42 });
    await child.end();
  });

  it("that fails makes one line with the error it died of", async () => {
    const child = start("throw new TypeError('no such thing')");
    await expect(child.next()).rejects.toThrow(
      /^peer ended early \(exit code 1\): TypeError: no such thing$/,
    );
  });

  it("sees no AWS settings and no Node options of the caller", async () => {
    process.env.AWS_REGION = "eu-north-1";
    process.env.NODE_OPTIONS = "--no-deprecation";
    const child = start(
      "process.send({ region: process.env.AWS_REGION ?? null, options: process.env.NODE_OPTIONS ?? null })",
    );
    delete process.env.AWS_REGION;
    delete process.env.NODE_OPTIONS;
    expect(await child.next()).toEqual({ region: null, options: null });
    await child.end();
  });

  it("that hangs is ended, and makes one line too", async () => {
    const child = start("setInterval(() => {}, 1e6)", 1_000);
    await expect(child.next()).rejects.toThrow(/^peer ended early \(SIGTERM\)$/);
  });

  it("ends when it is let go", async () => {
    const child = start(
      "process.on('disconnect', () => process.exit()); process.send('up'); setInterval(() => {}, 1e6)",
    );
    await child.next();
    await child.end();
    await expect(child.next()).rejects.toThrow(/^peer ended early \(exit code 0\)$/);
  });

  it("lets its parent end once it is gone, however long it had been given", async () => {
    const source = JSON.stringify(new URL("../../bench/child-process.ts", import.meta.url).href);
    const child = JSON.stringify(write("process.send('up')").href);
    const parent = start(
      `import { Child } from ${source};
       const child = new Child("peer", new URL(${child}), { input: {}, timeoutMs: 3_600_000 });
       await child.next();
       await child.end();
       process.disconnect();`,
    );
    await expect(parent.next()).rejects.toThrow(/^peer ended early \(exit code 0\)$/);
  });
});
