import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, sep } from "node:path";
import { type IniSections, parseIni } from "./ini.ts";

/** Environment variables by name, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is kept of a profile. Credentials are not: they are the AWS credential chain's to read. */
export const PROFILE_KEYS = [
  "region",
  "endpoint_url",
  "services",
  "ignore_configured_endpoint_urls",
  "use_fips_endpoint",
  "use_dualstack_endpoint",
  "max_attempts",
  "retry_mode",
  "disable_clock_skew_correction",
  "sdk_ua_app_id",
] as const;

export type ProfileKey = (typeof PROFILE_KEYS)[number];

/** The setting of a `[services x]` section that concerns this service. */
const SERVICE_ENDPOINT_KEY = "sagemaker_runtime.endpoint_url";

/** One of the two shared files. */
export interface SharedFile {
  readonly path: string;
  /** Why it could not be read, such as `ENOENT`; `undefined` where it was. */
  readonly problem: string | undefined;
  /** Settings of each profile, by name. */
  readonly profiles: IniSections;
  /** Endpoint of this service in each `[services x]` section, by name; `undefined` where it has none. */
  readonly services: ReadonlyMap<string, string | undefined>;
}

export interface SharedFiles {
  readonly config: SharedFile;
  readonly credentials: SharedFile;
}

/**
 * Reads the shared config and credentials files. Synchronous, because a client is checked when it is made.
 * A file that does not exist or cannot be read counts as empty, as in the AWS SDKs.
 */
export function readSharedFiles(env: Environment): SharedFiles {
  const config = readSections(pathOf(env, "AWS_CONFIG_FILE", "config"));
  const credentials = readSections(pathOf(env, "AWS_SHARED_CREDENTIALS_FILE", "credentials"));
  return {
    config: kept(config, configProfiles(config.sections), configServices(config.sections)),
    credentials: kept(credentials, credentialsProfiles(credentials.sections), new Map()),
  };
}

/** Without the sections as they were read: these hold credentials. */
function kept(
  { path, problem }: ReadFile,
  profiles: IniSections,
  services: SharedFile["services"],
): SharedFile {
  return { path, problem, profiles, services };
}

function pathOf(env: Environment, variable: string, file: string): string {
  const path = env[variable];
  if (!path) return join(homeOf(env), ".aws", file);
  return path.startsWith("~/") ? join(homeOf(env), path.slice(2)) : path;
}

function homeOf(env: Environment): string {
  if (env.HOME) return env.HOME;
  if (env.USERPROFILE) return env.USERPROFILE;
  if (env.HOMEPATH) return `${env.HOMEDRIVE ?? `C:${sep}`}${env.HOMEPATH}`;
  return homedir();
}

interface ReadFile extends Pick<SharedFile, "path" | "problem"> {
  readonly sections: IniSections;
}

function readSections(path: string): ReadFile {
  try {
    return { path, problem: undefined, sections: parseIni(readFileSync(path, "utf8")) };
  } catch (error) {
    return { path, problem: (error as NodeJS.ErrnoException).code ?? String(error), sections: new Map() };
  }
}

/** `[default]` and `[profile x]`. In this file, a section without `profile` in front is not a profile. */
function configProfiles(sections: IniSections): IniSections {
  const profiles = new Map<string, ReadonlyMap<string, string>>();
  for (const [header, settings] of sections) {
    if (header === "default" && !profiles.has("default")) profiles.set("default", withoutSecrets(settings));
    if (header.startsWith("profile."))
      profiles.set(header.slice("profile.".length), withoutSecrets(settings));
  }
  return profiles;
}

/** In this file, the header is the name of the profile. */
function credentialsProfiles(sections: IniSections): IniSections {
  return new Map(Array.from(sections, ([header, settings]) => [header, withoutSecrets(settings)]));
}

function configServices(sections: IniSections): ReadonlyMap<string, string | undefined> {
  const services = new Map<string, string | undefined>();
  for (const [header, settings] of sections) {
    if (!header.startsWith("services.")) continue;
    services.set(header.slice("services.".length), settings.get(SERVICE_ENDPOINT_KEY));
  }
  return services;
}

function withoutSecrets(settings: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  for (const key of PROFILE_KEYS) {
    const value = settings.get(key);
    if (value !== undefined) kept.set(key, value);
  }
  return kept;
}
