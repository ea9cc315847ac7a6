import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { parseResilience } from "../../lib/resilience-file/parse.ts";
import { type ResilienceFileOptions, resilienceFromFile } from "../../lib/resilience-file/resilience-file.ts";
import { scriptedClient } from "../support/scripted-client.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "holdfast-resilience-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A client with a file of options, and a promise for the next thing that is told of the file. */
function watching(path: string, inCode: object = {}) {
  let told: (what: Error | "reloaded") => void = () => {};
  const options: ResilienceFileOptions = {
    pollMs: 10,
    onError: (error) => told(error),
    onReload: () => told("reloaded"),
  };
  const scripted = scriptedClient([503], { resilience: resilienceFromFile(path, options), ...inCode });
  onTestFinished(() => scripted.client.destroy());
  const nextNews = () => new Promise<Error | "reloaded">((resolve) => (told = resolve));
  return { ...scripted, nextNews };
}

describe("resilienceFromFile", () => {
  it("goes before what is said in code, which stays for whatever the file does not say", async () => {
    const path = join(folder(), "resilience.json");
    writeFileSync(path, '{ "preset": "batch", "callTimeoutMs": 5000 }');
    const { client } = watching(path, { callTimeoutMs: 9_000, fallback: false, maxBodyBytes: 7 });
    expect(client.config).toMatchObject({ callTimeoutMs: 5_000, maxBodyBytes: 7 });
    expect(await client.config.maxAttempts()).toBe(8);
    client.reconfigure({ callTimeoutMs: 1_000 });
    expect(client.config.callTimeoutMs).toBe(5_000);
  });

  it("hides no mistake of the code behind what the file says", () => {
    const path = join(folder(), "resilience.json");
    writeFileSync(path, '{ "hedge": {} }');
    expect(() => watching(path, { hedge: { quantile: 7 } })).toThrow("hedge.quantile");
    const { client } = watching(path);
    expect(() => client.reconfigure({ hedge: { quantile: 7 } })).toThrow("hedge.quantile");
  });

  it("follows the file when an editor replaces it, and gives back to code what it no longer says", async () => {
    const path = join(folder(), "resilience.json");
    writeFileSync(path, '{ "callTimeoutMs": 5000 }');
    const { client, nextNews } = watching(path, { callTimeoutMs: 9_000 });
    const news = nextNews();
    writeFileSync(`${path}.new`, '{ "hedge": { "quantile": 0.9 } }');
    renameSync(`${path}.new`, path);
    expect(await news).toBe("reloaded");
    expect(client.config).toMatchObject({ callTimeoutMs: 9_000, hedge: { quantile: 0.9 } });
  });

  it("follows a link that is swapped above it, as Kubernetes does for a ConfigMap", async () => {
    const root = folder();
    const path = join(root, "current");
    for (const [version, maxAttempts] of [["v1", 4] as const, ["v2", 50] as const]) {
      writeFileSync(join(root, version), JSON.stringify({ maxAttempts }));
    }
    symlinkSync(join(root, "v1"), path);
    const { client, nextNews } = watching(path);
    expect(await client.config.maxAttempts()).toBe(4);
    const news = nextNews();
    symlinkSync(join(root, "v2"), join(root, "next"));
    renameSync(join(root, "next"), path);
    expect(await news).toBe("reloaded");
    expect(await client.config.maxAttempts()).toBe(50);
  });

  it.each([
    ['{ "callTimeoutMs": 0 }', "callTimeoutMs must be a number of milliseconds above 0"],
    ['{ "callTimeoutMs": 7000,', ":1:25 is no JSON"],
    ['{ "callTimeoutMs": 7000, "region": "eu-west-3" }', "region is not an option"],
  ])("keeps what was in force where the file becomes %s, and says why", async (text, reason) => {
    const path = join(folder(), "resilience.json");
    writeFileSync(path, '{ "callTimeoutMs": 5000 }');
    const { client, nextNews } = watching(path);
    const before = client.config;
    const news = nextNews();
    writeFileSync(path, text);
    const error = await news;
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain(reason);
    expect((error as Error).message).toContain(path);
    expect(client.config).toBe(before);
  });

  it("keeps what was in force where the file is gone, and takes it up again when it is back", async () => {
    const path = join(folder(), "resilience.json");
    writeFileSync(path, '{ "callTimeoutMs": 5000 }');
    const { client, nextNews } = watching(path);
    const gone = nextNews();
    renameSync(path, `${path}.away`);
    expect(((await gone) as Error).message).toContain("ENOENT");
    expect(client.config.callTimeoutMs).toBe(5_000);
    const back = nextNews();
    writeFileSync(path, '{ "callTimeoutMs": 6000 }');
    expect(await back).toBe("reloaded");
    expect(client.config.callTimeoutMs).toBe(6_000);
  });

  it("warns where nobody is told, and looks no more once the client is closed", async () => {
    const path = join(folder(), "resilience.json");
    writeFileSync(path, "{}");
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    onTestFinished(() => warned.mockRestore());
    const source = resilienceFromFile(path, { pollMs: 10 });
    const { client } = scriptedClient([200], { resilience: source });
    writeFileSync(path, "[]");
    await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce());
    expect(warned.mock.calls[0]?.[0]).toContain("must be an object of options, got an array of 0");
    const stopped = vi.fn();
    const { client: closed } = scriptedClient([200], {
      resilience: { options: {}, subscribe: () => stopped },
    });
    await closed.close();
    expect(stopped).toHaveBeenCalledOnce();
    client.destroy();
  });

  it("says nothing of a look that was under way when the client was closed", async () => {
    const path = join(folder(), "resilience.json");
    writeFileSync(path, '{ "callTimeoutMs": 5000 }');
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const told = vi.fn();
    const resilience = resilienceFromFile(path, { pollMs: 10, onError: told, onReload: told });
    const { client } = scriptedClient([200], { resilience });
    writeFileSync(path, "[]");
    vi.advanceTimersByTime(10);
    client.destroy();
    for (let look = 0; look < 20; look++) await stat(path);
    expect(told).not.toHaveBeenCalled();
  });

  it.each([
    ["", {}, "path must be the path of a file"],
    ["no-such-file.json", {}, "ENOENT"],
    [import.meta.filename, {}, "is no JSON"],
    ["x", { pollMs: 1 }, "pollMs must be a whole number of at least 10"],
    ["x", { onError: 1 }, "onError must be a function"],
    ["x", { poll: 1 }, "poll is not an option"],
  ])("is refused at once for %o and %o", (path, options, reason) => {
    expect(() => resilienceFromFile(path, options as object)).toThrow(reason);
  });
});

describe("a resilience file", () => {
  it.each([
    ['{\n  "hedge": {},\n  "retry": {} "x"\n}', "f.json:3:15 is no JSON"],
    ["", "f.json:1:1 is no JSON"],
    ['{\n  "callTimeoutMs": soon,\n  "hedge": {}\n}\n', /^f\.json:2:20 is no JSON: Unexpected token 's'$/],
    ["// ours\n{}\n", "f.json:1:1 is no JSON: Unexpected token '/'"],
    ['{} "x"', /^f\.json:1:4 is no JSON: Unexpected \D*$/],
    ['{ "preset": "awsSdk" }', 'f.json: preset must be one of "standard", "highTraffic"'],
    ['{ "hedges": {} }', "f.json.hedges is not an option; known here: $schema, preset"],
    ["7", "f.json must be an object of options, got 7"],
  ])("that says %s is refused with its place", (text, reason) => {
    expect(() => parseResilience(text, "f.json")).toThrow(reason);
  });

  it("may begin with a byte order mark", () => {
    expect(parseResilience('\uFEFF{ "maxAttempts": 2 }', "f")).toEqual({ maxAttempts: 2 });
  });

  it("may say where its schema is", () => {
    expect(parseResilience('{ "$schema": "./s.json", "maxAttempts": 2 }', "f")).toEqual({ maxAttempts: 2 });
  });
});
