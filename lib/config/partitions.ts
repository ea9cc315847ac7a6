/** A group of regions that share DNS names and credentials. */
export interface Partition {
  readonly name: string;
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
  /** Its regions, those that will be opened later included. */
  readonly regions: RegExp;
}

const AWS: Partition = {
  name: "aws",
  dnsSuffix: "amazonaws.com",
  dualStackDnsSuffix: "api.aws",
  regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
};

/** As AWS publishes them. Each has a FIPS and a dual-stack name. */
const PARTITIONS: readonly Partition[] = [
  AWS,
  {
    name: "aws-cn",
    dnsSuffix: "amazonaws.com.cn",
    dualStackDnsSuffix: "api.amazonwebservices.com.cn",
    regions: /^(cn-\w+-\d+|aws-cn-global)$/,
  },
  {
    name: "aws-eusc",
    dnsSuffix: "amazonaws.eu",
    dualStackDnsSuffix: "api.amazonwebservices.eu",
    regions: /^eusc-de-\w+-\d+$/,
  },
  {
    name: "aws-iso",
    dnsSuffix: "c2s.ic.gov",
    dualStackDnsSuffix: "api.aws.ic.gov",
    regions: /^(us-iso-\w+-\d+|aws-iso-global)$/,
  },
  {
    name: "aws-iso-b",
    dnsSuffix: "sc2s.sgov.gov",
    dualStackDnsSuffix: "api.aws.scloud",
    regions: /^(us-isob-\w+-\d+|aws-iso-b-global)$/,
  },
  {
    name: "aws-iso-e",
    dnsSuffix: "cloud.adc-e.uk",
    dualStackDnsSuffix: "api.cloud-aws.adc-e.uk",
    regions: /^(eu-isoe-\w+-\d+|aws-iso-e-global)$/,
  },
  {
    name: "aws-iso-f",
    dnsSuffix: "csp.hci.ic.gov",
    dualStackDnsSuffix: "api.aws.hci.ic.gov",
    regions: /^(us-isof-\w+-\d+|aws-iso-f-global)$/,
  },
  {
    name: "aws-us-gov",
    dnsSuffix: "amazonaws.com",
    dualStackDnsSuffix: "api.aws",
    regions: /^(us-gov-\w+-\d+|aws-us-gov-global)$/,
  },
];

/** The partition of a region; `aws` for a name that none of them knows, as in the AWS SDKs. */
export function partitionOf(region: string): Partition {
  return PARTITIONS.find((partition) => partition.regions.test(region)) ?? AWS;
}
