import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { AwsCredentialIdentity } from "@smithy/types";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { resolveConfig } from "../../lib/config/resolve-config.ts";
import { Scope } from "./scope.ts";

const directory = mkdtempSync(join(tmpdir(), "default-chain-"));
const config = join(directory, "config");
const credentials = join(directory, "credentials");
writeFileSync(config, "[default]\nregion = eu-west-1\n[profile b]\nregion = eu-west-2\n");
writeFileSync(
  credentials,
  "[default]\naws_access_key_id = AKID-default\naws_secret_access_key = s\n[b]\naws_access_key_id = AKID-b\naws_secret_access_key = s\n",
);
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

async function accessKeyOf(source: { resolve(scope: Scope): unknown }): Promise<string> {
  return ((await source.resolve(new Scope())) as AwsCredentialIdentity).accessKeyId;
}

describe("without credentials in code", () => {
  it("they come from the environment", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKID-env");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "s");
    expect(await accessKeyOf(resolveConfig({ region: "eu-west-1" }).credentials)).toBe("AKID-env");
  });

  it("they come from the shared files, by the client's profile or AWS_PROFILE", async () => {
    vi.stubEnv("AWS_CONFIG_FILE", config);
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", credentials);
    expect(await accessKeyOf(resolveConfig().credentials)).toBe("AKID-default");
    expect(await accessKeyOf(resolveConfig({ profile: "b" }).credentials)).toBe("AKID-b");
    vi.stubEnv("AWS_PROFILE", "b");
    expect(await accessKeyOf(resolveConfig().credentials)).toBe("AKID-b");
    expect(await accessKeyOf(resolveConfig({ profile: "default" }).credentials)).toBe("AKID-default");
  });

  it("the client's profile goes before keys in the environment", async () => {
    vi.stubEnv("AWS_CONFIG_FILE", config);
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", credentials);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKID-env");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "s");
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    expect(await accessKeyOf(resolveConfig({ profile: "b" }).credentials)).toBe("AKID-b");
    warn.mockRestore();
  });

  it("the call fails where the chain finds none, as the AWS SDK says it", async () => {
    await expect(accessKeyOf(resolveConfig({ region: "eu-west-1" }).credentials)).rejects.toMatchObject({
      name: "CredentialsProviderError",
      message: "no credentials to sign with: Could not load credentials from any providers",
    });
  });
});

describe("the packages of the default chain", () => {
  /** Whether a process of its own has loaded any credential provider, after making a client and signing. */
  async function isLoadedBy(credentialsOption: string): Promise<boolean> {
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const script = `
      import { createRequire } from "node:module";
      import { resolveConfig } from ${url("../../lib/config/resolve-config.ts")};
      const config = resolveConfig({ region: "eu-west-1", ${credentialsOption} });
      await config.credentials.resolve({ running: undefined, cancelled: undefined });
      const loaded = Object.keys(createRequire(${url("../../package.json")}).cache);
      console.log(loaded.some((path) => path.includes("credential-provider")));
    `;
    const root = fileURLToPath(new URL("../../", import.meta.url));
    const env = { ...process.env, AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", script],
      { cwd: root, env, timeout: 20_000 },
    );
    return JSON.parse(stdout) as boolean;
  }

  it("are not loaded for a client with credentials of its own", async () => {
    expect(await isLoadedBy('credentials: { accessKeyId: "a", secretAccessKey: "b" }')).toBe(false);
    expect(await isLoadedBy('credentials: async () => ({ accessKeyId: "a", secretAccessKey: "b" })')).toBe(
      false,
    );
  });

  it("are loaded for one without", async () => {
    expect(await isLoadedBy("")).toBe(true);
  });
});
