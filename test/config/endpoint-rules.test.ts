import { beforeAll, describe, expect, it } from "vitest";
import { parseRegion, resolveEndpoint } from "../../lib/config/endpoint-rules.ts";
import { officialRequest } from "./official-client.ts";

const REGIONS = [
  ...["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-7", "ca-west-1", "il-central-1", "mx-central-1"],
  ...["af-south-1", "me-west-1", "sa-west-1", "aws-global"],
  ...["cn-north-1", "cn-northwest-1", "cn-new-9", "aws-cn-global"],
  ...["us-gov-west-1", "us-gov-east-1", "us-gov-north-7", "aws-us-gov-global"],
  ...["eusc-de-east-1", "eusc-de-west-2", "aws-eusc-global"],
  ...["us-iso-east-1", "us-iso-west-1", "us-iso-north-3", "aws-iso-global"],
  ...["us-isob-east-1", "us-isob-west-1", "us-isob-north-3", "aws-iso-b-global"],
  ...["eu-isoe-west-1", "eu-isoe-east-2", "aws-iso-e-global"],
  ...["us-isof-south-1", "us-isof-east-1", "us-isof-north-2", "aws-iso-f-global"],
  ...["moon-base-1", "us", "US-EAST-1", "us-east-1-wl1-bos-1", "local", "1"],
  ...[
    "fips-us-east-1",
    "us-west-2-fips",
    "fips-us-gov-west-1",
    "cn-north-1-fips",
    "fips-aws-global",
    "aws-fips",
  ],
  ...["fips-prod-us-east-1", "fips-dkr-us-west-2", "us-iso-east-1-fips"],
];

const VARIANTS = [
  { useFipsEndpoint: false, useDualstackEndpoint: false },
  { useFipsEndpoint: true, useDualstackEndpoint: false },
  { useFipsEndpoint: false, useDualstackEndpoint: true },
  { useFipsEndpoint: true, useDualstackEndpoint: true },
];

describe("the endpoint of a region", () => {
  beforeAll(() => {
    // The official client reads files; those of the machine that runs the tests are not its business.
    expect(process.env.AWS_CONFIG_FILE).toBe("no-such-file");
  });

  it.each(REGIONS)(
    "is the official client's for %s, with and without FIPS and dual-stack",
    async (region) => {
      for (const variant of VARIANTS) {
        const official = await officialRequest({ region, ...variant });
        const { protocol, hostname, port, basePath } = resolveEndpoint({ region, ...variant });
        expect({ protocol, hostname, port, path: `${basePath}/endpoints/e/invocations` }).toEqual({
          protocol: official.protocol,
          hostname: official.hostname,
          port: official.port,
          path: official.path,
        });
        const scope = `/${parseRegion(region).name}/sagemaker/aws4_request`;
        expect(official.headers.authorization).toContain(scope);
      }
    },
  );

  it.each(["eu west 1", "-x", "x-", "a.b", "", "x".repeat(64), "evil.com/", "a_b", "*", "x\n"])(
    "is refused for %j, which cannot be part of a host name",
    (region) => {
      expect(() => resolveEndpoint({ region, ...VARIANTS[0]! })).toThrow(
        new RangeError(
          `region must be the name of a region, such as eu-west-1, got ${JSON.stringify(region)}`,
        ),
      );
    },
  );
});

describe("a custom endpoint", () => {
  const endpoint = "https://gateway.example.com/base";
  const plain = { useFipsEndpoint: false, useDualstackEndpoint: false };

  it("takes the place of the region's", () => {
    expect(resolveEndpoint({ region: "eu-west-1", ...plain, endpoint })).toEqual({
      protocol: "https:",
      hostname: "gateway.example.com",
      port: undefined,
      host: "gateway.example.com",
      basePath: "/base",
    });
  });

  it.each([
    [{ ...plain, useFipsEndpoint: true }, "eu-west-1", "useFipsEndpoint"],
    [{ ...plain, useDualstackEndpoint: true }, "eu-west-1", "useDualstackEndpoint"],
    [plain, "fips-us-east-1", 'region "fips-us-east-1"'],
  ])("is an error with %j in %s, as in the official client", async (variant, region, setting) => {
    await expect(officialRequest({ region, ...variant, endpoint })).rejects.toThrow("custom endpoint");
    expect(() =>
      resolveEndpoint({ region, ...variant, endpoint, endpointOrigin: "AWS_ENDPOINT_URL" }),
    ).toThrow(
      new TypeError(
        `${setting} cannot be combined with a custom endpoint (AWS_ENDPOINT_URL), which is used as it is`,
      ),
    );
  });
});
