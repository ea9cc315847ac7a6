import type { VariantSpec } from "../local/types.ts";
import type { LocalFlags } from "./local.ts";

/** What `holdfast local` prints when it is ready: where it is, and the environment that clients need. */
export function banner(url: string, variants: readonly VariantSpec[], flags: LocalFlags): string {
  const lines = [
    `SageMaker Runtime is served at ${url}`,
    "",
    ...environment(url, flags).map((line) => `  ${line}`),
    "",
    "  Endpoint names: any",
    ...variantLines(variants).map((line) => `  ${line}`),
    ...faultLines(flags),
    `  Statistics: ${url}/_holdfast/stats`,
    "",
    "Ctrl+C stops it.",
  ];
  return `${lines.join("\n")}\n`;
}

function environment(url: string, { region, accessKeyId, secretAccessKey }: LocalFlags): string[] {
  // A secret that somebody chose may be one that they use elsewhere.
  const isDefault = secretAccessKey === "local";
  return [
    `export AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=${url}`,
    `export AWS_ENDPOINT_URL_S3=${url}`,
    `export AWS_REGION=${region}`,
    `export AWS_DEFAULT_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${accessKeyId}`,
    isDefault
      ? "export AWS_SECRET_ACCESS_KEY=local"
      : "# AWS_SECRET_ACCESS_KEY: as given by --secret-access-key",
  ];
}

function variantLines(variants: readonly VariantSpec[]): string[] {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  return variants.map(({ name, weight, container }) => {
    const share = Math.round((1000 * weight) / total) / 10;
    return `Variant ${name}: ${share} % of untargeted calls, ${container ?? "echoes"}`;
  });
}

function faultLines({ faults, seed }: LocalFlags): string[] {
  if (faults === undefined) return [];
  const count = faults.script.rules.length;
  return [`  Faults: ${count} rule${count === 1 ? "" : "s"} from ${faults.path}, seed ${seed}`];
}
