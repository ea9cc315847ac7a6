import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { Child } from "../../bench/child-process.ts";

const directory = mkdtempSync(join(tmpdir(), "bench-child-"));

describe("a child", () => {
  let files = 0;
  function start(code: string, timeoutMs = 20_000): Child<unknown> {
    const file = join(directory, `${files++}.mjs`);
    writeFileSync(file, code);
    return new Child("peer", pathToFileURL(file), { input: { answer: 42 }, timeoutMs });
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
});
