import { invalidOption } from "../validate.ts";
import {
  type Environment,
  type ProfileKey,
  readSharedFiles,
  type SharedFile,
  type SharedFiles,
} from "./profile-file.ts";

/** A setting that was found outside the code. */
export interface Setting {
  readonly value: string;
  /** Where, as an error names it: a variable, or a key of a profile in a file. */
  readonly origin: string;
}

/** The environment and the shared files, as one client sees them when it is made. */
export class ConfigSources {
  readonly #env: Environment;
  readonly #files: SharedFiles;
  readonly #profile: string;

  /**
   * @param profile the client's own choice, ahead of `AWS_PROFILE`
   * @throws {RangeError} for a profile that was asked for and that no file has, where there is a file
   */
  constructor(profile: string | undefined, env: Environment) {
    this.#env = env;
    this.#files = readSharedFiles(env);
    this.#profile = profile ?? (env.AWS_PROFILE || "default");
    const origin = profile !== undefined ? "profile" : env.AWS_PROFILE ? "AWS_PROFILE" : undefined;
    if (origin !== undefined && this.#profile !== "default" && this.#hasFile() && !this.#hasProfile()) {
      throw invalidOption(origin, `a profile in ${this.#paths()}`, this.#profile);
    }
  }

  /** The variable where it is set and not empty; else the key of the profile. */
  find(variable: string, key: ProfileKey): Setting | undefined {
    return this.variable(variable) ?? this.profileSetting(key);
  }

  variable(name: string): Setting | undefined {
    const value = this.#env[name];
    return value ? { value, origin: name } : undefined;
  }

  /** A key of the profile: from the config file, else from the credentials file. */
  profileSetting(key: ProfileKey): Setting | undefined {
    return this.#inFile(this.#files.config, key) ?? this.#inFile(this.#files.credentials, key);
  }

  /** The region of the profile. The AWS SDK for JavaScript looks for this one in the credentials file first. */
  profileRegion(): Setting | undefined {
    return this.#inFile(this.#files.credentials, "region") ?? this.#inFile(this.#files.config, "region");
  }

  /**
   * The endpoint that the profile's `services` section has for this service.
   *
   * @throws {RangeError} where the section that the profile names does not exist
   */
  servicesEndpoint(): Setting | undefined {
    const name = this.profileSetting("services");
    if (name === undefined) return undefined;
    const { services, path } = this.#files.config;
    if (!services.has(name.value))
      throw invalidOption(name.origin, `a [services] section in ${path}`, name.value);
    const value = services.get(name.value);
    return value === undefined
      ? undefined
      : { value, origin: `endpoint_url of services ${name.value} in ${path}` };
  }

  /** Both files and the profile, for the error about a setting that is nowhere. */
  describeProfile(): string {
    return `profile ${JSON.stringify(this.#profile)} in ${this.#paths()}`;
  }

  #inFile(file: SharedFile, key: ProfileKey): Setting | undefined {
    const value = file.profiles.get(this.#profile)?.get(key);
    if (value === undefined) return undefined;
    return { value, origin: `${key} of profile ${JSON.stringify(this.#profile)} in ${file.path}` };
  }

  #hasProfile(): boolean {
    return (
      this.#files.config.profiles.has(this.#profile) || this.#files.credentials.profiles.has(this.#profile)
    );
  }

  #hasFile(): boolean {
    return this.#files.config.problem === undefined || this.#files.credentials.problem === undefined;
  }

  #paths(): string {
    return `${describeFile(this.#files.config)} or ${describeFile(this.#files.credentials)}`;
  }
}

function describeFile({ path, problem }: SharedFile): string {
  return problem === undefined ? path : `${path} (${problem})`;
}

/** `true` or `false`, in exactly these words, as every AWS SDK reads it. */
export function toBoolean({ value, origin }: Setting): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw invalidOption(origin, '"true" or "false"', value);
}
