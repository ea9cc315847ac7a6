import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askConsent } from "../../lib/cli/load/consent.ts";
import { UsageError } from "../../lib/cli/usage-error.ts";
import { isLoopback } from "../../lib/config/custom-endpoint.ts";

const MANY = { calls: 1_001, endpointName: "churn", hostnames: ["example.com"], isGiven: false };

/** A terminal at which somebody types `keys` once they are asked. */
function terminalWith(keys: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  let shown = "";
  output.on("data", (chunk) => {
    if (shown === "") input.end(keys);
    shown += chunk;
  });
  return { terminal: { input, output }, shown: () => shown };
}

describe("before it sends more than 1,000 calls to another machine, it", () => {
  it("asks, and goes on after a yes", async () => {
    for (const keys of ["y\n", "Yes\n"]) {
      const { terminal, shown } = terminalWith(keys);
      await askConsent(MANY, terminal);
      expect(shown()).toContain(
        "This sends 1,001 calls to endpoint churn at example.com, which are charged as any others. Go on? [y/N] ",
      );
    }
  });

  it("sends nothing after any other answer, or none", async () => {
    for (const keys of ["\n", "n\n", "yeah\n", ""]) {
      await expect(askConsent(MANY, terminalWith(keys).terminal)).rejects.toMatchObject({
        message: "not confirmed: nothing was sent",
        exitCode: 1,
      });
    }
  });

  it("ends as any interrupted command after Ctrl+C", async () => {
    await expect(askConsent(MANY, terminalWith("\x03").terminal)).rejects.toMatchObject({
      message: "interrupted: nothing was sent",
      exitCode: 130,
    });
  });

  it("refuses where there is no terminal, and says what to add", async () => {
    const { terminal, shown } = terminalWith("y\n", false);
    const refused = askConsent(MANY, terminal);
    await expect(refused).rejects.toBeInstanceOf(UsageError);
    await expect(refused).rejects.toThrow(
      "this would send 1,001 calls to endpoint churn at example.com, more than 1,000, and there is no terminal to ask on: add --yes, or lower --rate or --duration",
    );
    expect(shown()).toBe("");
  });
});

describe("it does not ask", () => {
  it.each([
    ["for 1,000 calls", { ...MANY, calls: 1_000 }],
    ["with --yes", { ...MANY, isGiven: true }],
    ["on loopback", { ...MANY, hostnames: ["127.0.0.1", "localhost", "[::1]"] }],
  ])("%s", async (_, consent) => {
    await askConsent(consent, terminalWith("n\n").terminal);
  });

  it("where every client calls this machine; one that does not is enough to ask", async () => {
    const mixed = { ...MANY, hostnames: ["127.0.0.1", "example.com"] };
    await expect(askConsent(mixed, terminalWith("n\n").terminal)).rejects.toThrow("not confirmed");
  });
});

describe("this machine", () => {
  it.each([
    ["http://127.0.0.1:8080", true],
    ["http://127.255.3.4", true],
    ["http://localhost", true],
    ["http://churn.localhost:8080", true],
    ["http://[::1]:80", true],
    ["http://[0:0:0:0:0:0:0:1]", true],
    ["http://128.0.0.1", false],
    ["http://127.0.0.1.example.com", false],
    ["http://localhost.example.com", false],
    ["http://10.0.0.1", false],
    ["http://[::2]", false],
    ["http://0.0.0.0", false],
  ])("%s: %s", (url, expected) => {
    expect(isLoopback(new URL(url).hostname)).toBe(expected);
  });
});
