import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { loadSharedConfigFiles } from "@smithy/core/config";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { PROFILE_KEYS, readSharedFiles } from "../../lib/config/profile-file.ts";

const directory = mkdtempSync(join(tmpdir(), "profile-file-"));
let files = 0;

/** A new file each time: the official loader remembers what it has read by path. */
function file(text: string): string {
  const path = join(directory, `file-${files++}`);
  writeFileSync(path, text);
  return path;
}

afterAll(() => rmSync(directory, { recursive: true }));

const readPair = (config: string, credentials: string) =>
  readSharedFiles({ AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials });

type Plain = Record<string, Record<string, string>>;

/** What the official loader keeps of the settings that are read here; sections without any left out. */
function onlyKept(sections: Record<string, Record<string, string | undefined>>): Plain {
  const kept: Plain = {};
  for (const [name, settings] of Object.entries(sections)) {
    const known = Object.entries(settings).filter(([key]) =>
      (PROFILE_KEYS as readonly string[]).includes(key),
    );
    if (known.length > 0) kept[name] = Object.fromEntries(known) as Record<string, string>;
  }
  return kept;
}

const plain = (profiles: ReadonlyMap<string, ReadonlyMap<string, string>>): Plain =>
  Object.fromEntries(
    Array.from(profiles, ([name, settings]) => [name, Object.fromEntries(settings)] as const).filter(
      ([, settings]) => Object.keys(settings).length > 0,
    ),
  );

async function expectSameAsOfficial(configText: string, credentialsText: string): Promise<void> {
  const config = file(configText);
  const credentials = file(credentialsText);
  const official = await loadSharedConfigFiles({ configFilepath: config, filepath: credentials });
  const ours = readPair(config, credentials);
  const officialProfiles = Object.entries(official.configFile).filter(
    ([name]) => !/^(services|sso-session)\./.test(name),
  );
  expect(plain(ours.config.profiles)).toEqual(onlyKept(Object.fromEntries(officialProfiles)));
  expect(plain(ours.credentials.profiles)).toEqual(onlyKept(official.credentialsFile));
  for (const [header, settings] of Object.entries(official.configFile)) {
    if (!header.startsWith("services.")) continue;
    expect(ours.config.services.get(header.slice("services.".length))).toBe(
      settings["sagemaker_runtime.endpoint_url"],
    );
  }
}

describe("the shared configuration files", () => {
  it.each([
    ["nothing", ""],
    ["comments and blank lines", "# c\n\n[default]\n ; c\nregion = a ; c\n\n endpoint_url = b#c\n"],
    [
      "profiles of every spelling",
      '[default]\nregion=a\n[profile b]\nregion=b\n[profile "c"]\nregion=c\n[d]\nregion=d',
    ],
    ["default twice", "[profile default]\nregion=a\n[default]\nregion=b\nmax_attempts=3"],
    ["default twice, the other way", "[default]\nregion=b\nmax_attempts=3\n[profile default]\nregion=a"],
    ["duplicates", "[profile a]\nregion=1\nretry_mode=x\n[profile b]\n[profile a]\nregion=2"],
    [
      "services",
      "[services s]\nsagemaker_runtime =\n  endpoint_url = https://a\ns3 =\n  endpoint_url = https://b\n",
    ],
    ["services that are not indented", "[services s]\nsagemaker_runtime =\nendpoint_url = https://a\n"],
    ["nested settings of a profile", "[profile a]\ns3 =\n  region = nested\nregion = own\n"],
    [
      "names with punctuation",
      "[profile a.b@c+d%e:f/g-h]\nregion=a\n[profile a b]\nregion=b\n[profile  c]\nregion=c",
    ],
    [
      "broken headers",
      "[profile a\nregion=a\n]\n[]\nregion=b\n[[x]]\nregion=c\n[profile x] trailing\nregion=d",
    ],
    ["CRLF", "[default]\r\nregion = a\r\n[profile b]\r\nregion = b\r\n"],
    ["a byte order mark", "\uFEFF[default]\nregion = a"],
    ["tabs", "[profile\ta]\n\tregion\t=\ta\t# c\n"],
  ])("are read as the official loader reads them: %s", async (_, text) => {
    await expectSameAsOfficial(text, text);
  });

  it("are read as the official loader reads them, whatever is in them", async () => {
    const name = fc.constantFrom("default", "a", "b-c", "d.e", "f g", "", "profile");
    const header = fc
      .tuple(
        fc.constantFrom("", "profile ", "services ", "sso-session ", "other ", "profile."),
        name,
        fc.constantFrom("", '"', "'"),
      )
      .map(([kind, text, quote]) => `[${kind}${quote}${text}${quote}]`);
    const key = fc.constantFrom(...PROFILE_KEYS, "sagemaker_runtime", "s3", "aws_secret_access_key", "x", "");
    const value = fc.constantFrom("", "v", "https://a/?b=c", "a#b", "a #b", ";", "a ; b", "[x]", "true", " ");
    const setting = fc
      .tuple(fc.constantFrom("", " ", "\t"), key, fc.constantFrom("=", " = ", " =", ""), value)
      .map((parts) => parts.join(""));
    const line = fc.oneof(
      { weight: 2, arbitrary: header },
      { weight: 6, arbitrary: setting },
      fc.constantFrom("", "# c", " ; c"),
    );
    const text = fc
      .tuple(fc.array(line, { maxLength: 20 }), fc.constantFrom("\n", "\r\n"))
      .map(([lines, end]) => lines.join(end));
    await fc.assert(
      fc.asyncProperty(text, text, (config, credentials) => expectSameAsOfficial(config, credentials)),
      { numRuns: 500 },
    );
  });

  it("keep nothing secret", () => {
    const secrets = [
      "aws_access_key_id",
      "aws_secret_access_key",
      "aws_session_token",
      "credential_process",
      "role_arn",
    ];
    const text = `[default]\nregion = a\n${secrets.map((key) => `${key} = S3CRET`).join("\n")}\n`;
    const path = file(
      `${text}[services s]\nsagemaker_runtime =\n  endpoint_url = https://a\n  token = S3CRET\n`,
    );
    const read = readPair(path, path);
    expect(plain(read.credentials.profiles)).toMatchObject({ default: { region: "a" } });
    expect(Array.from(read.config.services)).toEqual([["s", "https://a"]]);
    expect(inspect(read, { showHidden: true, depth: 9 })).not.toContain("S3CRET");
  });

  it("count as empty where they do not exist or cannot be read, and say why", () => {
    const read = readPair(join(directory, "missing"), directory);
    expect(read.config).toMatchObject({
      path: join(directory, "missing"),
      problem: "ENOENT",
      profiles: new Map(),
    });
    expect(read.credentials).toMatchObject({ problem: "EISDIR", profiles: new Map() });
  });

  it("are in .aws below the home directory, as the environment has it", () => {
    const home = join(directory, "home");
    mkdirSync(join(home, ".aws"), { recursive: true });
    writeFileSync(join(home, ".aws", "config"), "[default]\nregion = from-config");
    writeFileSync(join(home, ".aws", "credentials"), "[default]\nregion = from-credentials");
    for (const env of [{ HOME: home }, { USERPROFILE: home }, { HOMEDRIVE: "", HOMEPATH: home }]) {
      const read = readSharedFiles(env);
      expect(read.config.profiles.get("default")?.get("region")).toBe("from-config");
      expect(read.credentials.profiles.get("default")?.get("region")).toBe("from-credentials");
    }
    const elsewhere = readSharedFiles({ HOME: home, AWS_CONFIG_FILE: "~/.aws/credentials" });
    expect(elsewhere.config.path).toBe(join(home, ".aws", "credentials"));
    expect(readSharedFiles({}).config.path).toMatch(/\.aws.config$/);
  });
});
