import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { ConfigSources } from "../../lib/config/config-sources.ts";
import { resolveLocation } from "../../lib/config/location.ts";
import { officialRequest } from "./official-client.ts";
import { NO_FILES, sharedFiles } from "./shared-files.ts";

const filesWith = sharedFiles();

function locate(input: SageMakerRuntimeClientConfig, env: Record<string, string | undefined> = {}) {
  const whole = { ...NO_FILES, ...env };
  return resolveLocation(input, new ConfigSources(input.profile, whole));
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("region", () => {
  const files = filesWith("[default]\nregion = from-config", "[default]\nregion = from-credentials");

  it("is taken from code, AWS_REGION, AWS_DEFAULT_REGION, credentials file and config file, in this order", () => {
    const env = { AWS_REGION: "from-env", AWS_DEFAULT_REGION: "from-default", ...files };
    expect(locate({ region: "from-code" }, env).region).toBe("from-code");
    expect(locate({}, env).region).toBe("from-env");
    expect(locate({}, { ...env, AWS_REGION: undefined }).region).toBe("from-default");
    expect(locate({}, files).region).toBe("from-credentials");
    expect(locate({}, filesWith("[default]\nregion = from-config")).region).toBe("from-config");
  });

  it("is taken from the profile that the code, or else AWS_PROFILE, names", () => {
    const env = { AWS_PROFILE: "b", ...filesWith("[profile a]\nregion = in-a\n[profile b]\nregion = in-b") };
    expect(locate({ profile: "a" }, env).region).toBe("in-a");
    expect(locate({}, env).region).toBe("in-b");
  });

  it("is missing with an error that lists where it was looked for", () => {
    const env = { AWS_REGION: "", AWS_PROFILE: "prod", AWS_CONFIG_FILE: "/nowhere/config" };
    expect(() => locate({}, env)).toThrow(
      new TypeError(
        "region is missing: set the option region, or AWS_REGION, or AWS_DEFAULT_REGION, or region in " +
          'profile "prod" in /nowhere/config (ENOENT) or no-such-file (ENOENT)',
      ),
    );
  });

  it("names where an invalid one was set", () => {
    expect(() => locate({}, { AWS_REGION: "eu west" })).toThrow(/^AWS_REGION must be the name of a region/);
    expect(() => locate({ region: 5 as unknown as string })).toThrow(
      /^region must be the name of a region, got 5/,
    );
    const env = filesWith("[default]\nregion = a/b");
    expect(() => locate({}, env)).toThrow(`region of profile "default" in ${env.AWS_CONFIG_FILE} must be`);
  });

  it("is signed for without its fips part, or as signingRegion says", () => {
    expect(locate({ region: "fips-us-east-1" })).toMatchObject({
      region: "us-east-1",
      signingRegion: "us-east-1",
      url: { hostname: "runtime-fips.sagemaker.us-east-1.amazonaws.com" },
    });
    const gateway = { region: "eu-west-1", signingRegion: "us-east-1", endpoint: "https://a.example" };
    expect(locate(gateway)).toMatchObject({ region: "eu-west-1", signingRegion: "us-east-1" });
    expect(() => locate({ region: "a", signingRegion: "b/c" })).toThrow(/^signingRegion must be/);
  });
});

describe("a profile", () => {
  const files = filesWith("[profile a]\nregion = eu-west-1", "[c]\naws_access_key_id = x");

  it("that no file has is an error naming where it was asked for", () => {
    expect(() => locate({ profile: "b" }, files)).toThrow(
      /^profile must be a profile in .*file-\d+ or .*, got "b"/,
    );
    expect(() => locate({}, { ...files, AWS_PROFILE: "b" })).toThrow(/^AWS_PROFILE must be a profile in /);
  });

  it("may be in either file, and default may be in none", () => {
    expect(locate({ profile: "c", region: "x" }, files).region).toBe("x");
    expect(locate({ profile: "default", region: "x" }, files).region).toBe("x");
    expect(locate({ region: "x" }, { ...files, AWS_PROFILE: "default" }).region).toBe("x");
  });

  it("is not looked for where there are no files", () => {
    expect(locate({ region: "x" }, { AWS_PROFILE: "gone" }).region).toBe("x");
  });
});

describe("endpoint", () => {
  const config =
    "[default]\nservices = s\nendpoint_url = https://profile.example\n" +
    "[services s]\nsagemaker_runtime =\n  endpoint_url = https://services.example\n";
  const region = "eu-west-1";
  const hostOf = (input: SageMakerRuntimeClientConfig, env: Record<string, string | undefined>) =>
    locate({ region, ...input }, env).url.hostname;

  it("is taken from code, service variable, global variable, services section and profile, in this order", () => {
    const env = {
      ...filesWith(config),
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: "https://service.example",
      AWS_ENDPOINT_URL: "https://global.example",
    };
    expect(hostOf({ endpoint: "https://code.example" }, env)).toBe("code.example");
    expect(hostOf({}, env)).toBe("service.example");
    expect(hostOf({}, { ...env, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: "" })).toBe("global.example");
    expect(hostOf({}, filesWith(config))).toBe("services.example");
    expect(hostOf({}, filesWith(config.replace("services = s", "")))).toBe("profile.example");
    expect(hostOf({}, {})).toBe("runtime.sagemaker.eu-west-1.amazonaws.com");
  });

  it("is taken from the client's own profile, which the official client does not look at", () => {
    const env = filesWith("[profile a]\nendpoint_url = https://a.example");
    expect(hostOf({ profile: "a" }, env)).toBe("a.example");
  });

  it("is not taken from outside the code where that is switched off in code, environment or profile", () => {
    const env = { AWS_ENDPOINT_URL: "https://global.example" };
    const own = "runtime.sagemaker.eu-west-1.amazonaws.com";
    expect(hostOf({ ignoreConfiguredEndpointUrls: true }, env)).toBe(own);
    expect(hostOf({}, { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" })).toBe(own);
    expect(hostOf({}, { ...env, ...filesWith("[default]\nignore_configured_endpoint_urls = true") })).toBe(
      own,
    );
    const both = { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };
    expect(hostOf({ ignoreConfiguredEndpointUrls: false }, both)).toBe("global.example");
    expect(hostOf({ endpoint: "https://code.example" }, both)).toBe("code.example");
  });

  it("names where an invalid one was set", () => {
    expect(() => hostOf({}, { AWS_ENDPOINT_URL: "a.example" })).toThrow(/^AWS_ENDPOINT_URL must be an http/);
    expect(() => hostOf({}, filesWith("[default]\nendpoint_url = x"))).toThrow(
      /^endpoint_url of profile "default" in /,
    );
    expect(() => hostOf({}, { AWS_ENDPOINT_URL: "http://a.example" })).toThrow(
      /^AWS_ENDPOINT_URL must be https:/,
    );
    expect(hostOf({ allowInsecureEndpoint: true }, { AWS_ENDPOINT_URL: "http://a.example" })).toBe(
      "a.example",
    );
  });

  it("says so where the profile names a services section that does not exist", () => {
    const env = filesWith("[default]\nservices = gone");
    const message = `services of profile "default" in ${env.AWS_CONFIG_FILE} must be a [services] section in ${env.AWS_CONFIG_FILE}, got "gone"`;
    expect(() => hostOf({}, env)).toThrow(new RangeError(message));
    expect(hostOf({ endpoint: "https://code.example" }, env)).toBe("code.example");
  });
});

describe("FIPS and dual-stack", () => {
  const region = "eu-west-1";

  it("are taken from code, environment and profile, in this order", () => {
    const files = filesWith("[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true");
    const off = { AWS_USE_FIPS_ENDPOINT: "false", AWS_USE_DUALSTACK_ENDPOINT: "false", ...files };
    expect(locate({ region }, files).url.hostname).toBe("runtime.sagemaker-fips.eu-west-1.api.aws");
    expect(locate({ region }, off).url.hostname).toBe("runtime.sagemaker.eu-west-1.amazonaws.com");
    expect(locate({ region, useFipsEndpoint: true }, off).url.hostname).toBe(
      "runtime-fips.sagemaker.eu-west-1.amazonaws.com",
    );
    expect(locate({ region, useDualstackEndpoint: true }, off).url.hostname).toBe(
      "runtime.sagemaker.eu-west-1.api.aws",
    );
  });

  it("are true or false in exactly these words", () => {
    expect(() => locate({ region }, { AWS_USE_FIPS_ENDPOINT: "yes" })).toThrow(
      new RangeError('AWS_USE_FIPS_ENDPOINT must be "true" or "false", got "yes"'),
    );
    expect(() => locate({ region }, filesWith("[default]\nuse_dualstack_endpoint = TRUE"))).toThrow(
      /^use_dualstack_endpoint of profile "default" in .* must be "true" or "false", got "TRUE"/,
    );
    expect(() => locate({ region, useFipsEndpoint: "true" as unknown as boolean })).toThrow(
      /^useFipsEndpoint must be true or false/,
    );
  });
});

describe("all of it together", () => {
  it("leads to the official client's address, whatever is set where", async () => {
    const url = (name: string) => fc.option(fc.constant(`https://${name}.example`), { nil: undefined });
    const flag = fc.constantFrom(undefined, "true", "false");
    const setting = fc.record({
      codeEndpoint: url("code"),
      serviceVariable: url("service"),
      globalVariable: url("global"),
      services: url("services"),
      profileUrl: url("profile"),
      isIgnored: flag,
      isIgnoredInProfile: flag,
      fips: fc.constantFrom(undefined, undefined, "false", "true"),
      dualstack: flag,
      regionVariable: fc.constantFrom(undefined, "us-east-1"),
      configRegion: fc.constantFrom("cn-north-1", "us-gov-west-1"),
      credentialsRegion: fc.constantFrom(undefined, "eu-west-3"),
      profile: fc.constantFrom(undefined, "p"),
    });
    await fc.assert(
      fc.asyncProperty(setting, async (set) => {
        const name = set.profile ?? "default";
        const lines = (...entries: [string, string | undefined][]) =>
          entries.flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}`]));
        const env: Record<string, string | undefined> = {
          ...filesWith(
            [
              set.profile === undefined ? "[default]" : `[profile ${name}]`,
              ...lines(["region", set.configRegion], ["endpoint_url", set.profileUrl], ["services", "s"]),
              ...lines(["ignore_configured_endpoint_urls", set.isIgnoredInProfile]),
              "[services s]",
              "sagemaker_runtime =",
              ...lines(["  endpoint_url", set.services], ["  x", "y"]),
            ].join("\n"),
            [`[${name}]`, ...lines(["region", set.credentialsRegion])].join("\n"),
          ),
          AWS_REGION: set.regionVariable,
          AWS_PROFILE: set.profile,
          AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: set.serviceVariable,
          AWS_ENDPOINT_URL: set.globalVariable,
          AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: set.isIgnored,
          AWS_USE_FIPS_ENDPOINT: set.fips,
          AWS_USE_DUALSTACK_ENDPOINT: set.dualstack,
        };
        for (const [variable, value] of Object.entries(env)) vi.stubEnv(variable, value);
        const endpoint = set.codeEndpoint === undefined ? {} : { endpoint: set.codeEndpoint };
        const official = await officialRequest(endpoint).catch(() => undefined);
        if (official === undefined) {
          expect(() => locate(endpoint, env)).toThrow("cannot be combined with a custom endpoint");
          return;
        }
        const { url, signingRegion } = locate(endpoint, env);
        expect(url.hostname).toBe(official.hostname);
        expect(official.headers.authorization).toContain(`/${signingRegion}/sagemaker/`);
      }),
      { numRuns: 150 },
    );
  });
});
