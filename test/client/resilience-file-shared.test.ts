import { mkdtempSync, rmSync, type Stats, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ResilienceOptions } from "../../lib/config/resilience-config.ts";
import { type Disk, FollowedFile } from "../../lib/resilience-file/followed-file.ts";
import { type ResilienceFileOptions, resilienceFromFile } from "../../lib/resilience-file/resilience-file.ts";
import { deferred } from "../support/deferred.ts";
import { scriptedClient } from "../support/scripted-client.ts";

/** A file of options, which is rewritten by `says`. */
function optionsFile(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-resilience-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "resilience.json");
  const says = (changed: string) => writeFileSync(path, changed);
  says(text);
  return { path, says };
}

/** A file that clients share, and what was told of it. */
function sharing(text: string, options: ResilienceFileOptions = {}) {
  const { path, says } = optionsFile(text);
  const told: string[] = [];
  const resilience = resilienceFromFile(path, {
    pollMs: 10,
    onError: ({ message }) => told.push(message),
    onReload: () => told.push("reloaded"),
    ...options,
  });
  const client = (inCode: object = {}) => {
    const made = scriptedClient([200], { resilience, ...inCode }).client;
    onTestFinished(() => made.destroy());
    return made;
  };
  return { client, says, told };
}

describe("a resilience file that clients share", () => {
  it("is followed by each of them, and its change is told once", async () => {
    const { client, says, told } = sharing('{ "callTimeoutMs": 1000 }');
    const [eu, us] = [client(), client()];
    says('{ "callTimeoutMs": 7777 }');
    await vi.waitFor(() => expect(told).not.toEqual([]));
    expect([eu, us].map(({ config }) => config.callTimeoutMs)).toEqual([7_777, 7_777]);
    expect(told).toEqual(["reloaded"]);
  });

  it("is news to the first client also where the second one was made with it", async () => {
    const { client, says, told } = sharing('{ "callTimeoutMs": 1000 }');
    const first = client();
    says('{ "callTimeoutMs": 7777 }');
    const second = client();
    expect(second.config.callTimeoutMs).toBe(7_777);
    const before = second.config;
    await vi.waitFor(() => expect(told).toEqual(["reloaded"]));
    expect(first.config.callTimeoutMs).toBe(7_777);
    expect(second.config).toBe(before);
  });

  it("changes those that can take it, where another one refuses what it says", async () => {
    const { client, says, told } = sharing("{}");
    const [without, other] = [client({ retry: false }), client()];
    const before = without.config;
    says('{ "maxAttempts": 4 }');
    await vi.waitFor(() => expect(told).toContain("reloaded"));
    expect(told).toEqual([expect.stringContaining("maxAttempts"), "reloaded"]);
    expect(await other.config.maxAttempts()).toBe(4);
    expect(without.config).toBe(before);
  });

  it("is followed by the second client when the first is closed", async () => {
    const { client, says, told } = sharing('{ "callTimeoutMs": 1000 }');
    const [first, second] = [client(), client()];
    first.destroy();
    says('{ "callTimeoutMs": 7777 }');
    await vi.waitFor(() => expect(told).toEqual(["reloaded"]));
    expect([first, second].map(({ config }) => config.callTimeoutMs)).toEqual([1_000, 7_777]);
  });
});

describe("a resilience file that is changed while it is read", () => {
  it("is taken at the next look, and what was read of it before is told to nobody", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const sizes = [0, 30, 30];
    const texts = ["", '{ "callTimeoutMs": 1000 }'];
    const disk: Disk = {
      stat: async () => ({ ino: 1, size: sizes.length > 1 ? sizes.shift() : 30 }) as Stats,
      readText: async () => texts.shift() ?? "",
    };
    const told = vi.fn();
    const file = new FollowedFile("f", { pollMs: 10, onError: told, onReload() {} }, disk);
    const seen = vi.fn();
    onTestFinished(file.follow(seen));
    await vi.advanceTimersByTimeAsync(100);
    expect(told).not.toHaveBeenCalled();
    expect(seen.mock.calls).toEqual([[{ callTimeoutMs: 1_000 }]]);
  });
});

describe("a callback of a resilience file", () => {
  it.each([
    ["throws", () => fail(), "resilienceFromFile.onReload failed: no such logger"],
    ["rejects", async () => fail(), "resilienceFromFile.onReload failed: no such logger"],
  ])("that %s is a warning, and the file is followed as before", async (_how, onReload, warning) => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    onTestFinished(() => warned.mockRestore());
    const { client, says } = sharing('{ "callTimeoutMs": 1000 }', { onReload, onError: fail });
    const follower = client();
    says('{ "callTimeoutMs": 7777 }');
    await vi.waitFor(() => expect(warned).toHaveBeenCalledWith(warning, "HoldfastWarning"));
    expect(follower.config.callTimeoutMs).toBe(7_777);
    says("[]");
    await vi.waitFor(() => expect(warned.mock.calls.at(-1)?.[0]).toContain("onError failed"));
    says('{ "callTimeoutMs": 8888 }');
    await vi.waitFor(() => expect(follower.config.callTimeoutMs).toBe(8_888));
  });
});

describe("a disk that hangs", () => {
  it("is asked once and not at each look, and followed again when it answers", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const { path } = optionsFile("{}");
    const changed = { ino: 1, size: 2, mtimeMs: 3, ctimeMs: 4 } as Stats;
    const hanging = deferred<Stats>();
    const looks: string[] = [];
    const disk: Disk = {
      stat(asked) {
        looks.push(asked);
        return looks.length === 1 ? hanging.promise : Promise.resolve(changed);
      },
      readText: async () => '{ "callTimeoutMs": 1000 }',
    };
    const settings = { pollMs: 10, onError() {}, onReload() {} };
    const file = new FollowedFile(path, settings, disk);
    file.read();
    const seen: ResilienceOptions[] = [];
    onTestFinished(file.follow((options) => seen.push(options)));
    await vi.advanceTimersByTimeAsync(100);
    expect(looks).toEqual([path]);
    hanging.resolve(changed);
    await vi.advanceTimersByTimeAsync(10);
    expect(seen).toEqual([{ callTimeoutMs: 1_000 }]);
    await vi.advanceTimersByTimeAsync(100);
    expect(looks.length).toBeGreaterThan(10);
  });
});

function fail(): never {
  throw new Error("no such logger");
}
