import { checkKeys, invalidOption } from "../validate.ts";
import { NAME_PATTERN } from "./operations/members.ts";
import type { VariantSpec } from "./types.ts";

/** The largest weight: the sum of as many as anybody has is a number still. */
export const MAX_WEIGHT = Number.MAX_SAFE_INTEGER;

/**
 * Checks a list of variants; `option` is where it stands.
 *
 * @throws {RangeError | TypeError}
 */
export function checkVariants(option: string, variants: readonly VariantSpec[]): readonly VariantSpec[] {
  if (!Array.isArray(variants) || variants.length === 0) {
    throw invalidOption(option, "a list of at least one variant", variants);
  }
  const names = new Set<string>();
  let total = 0;
  for (const [index, variant] of variants.entries()) {
    checkVariant(`${option}[${index}]`, variant, names);
    names.add(variant.name);
    total += variant.weight;
  }
  if (!(total > 0)) throw invalidOption(`${option}: the sum of all weights`, "above 0", total);
  return variants;
}

function checkVariant(option: string, variant: VariantSpec, others: ReadonlySet<string>): void {
  if (typeof variant !== "object" || variant === null) {
    throw invalidOption(option, "an object with name and weight", variant);
  }
  checkKeys(option, variant, ["name", "weight", "container"]);
  const { name, weight, container } = variant;
  checkName(`${option}.name`, name);
  if (others.has(name)) throw invalidOption(`${option}.name`, "different from every other variant's", name);
  if (typeof weight !== "number" || !(weight >= 0 && weight <= MAX_WEIGHT)) {
    throw invalidOption(`${option}.weight`, `a number from 0 to ${MAX_WEIGHT}`, weight);
  }
  if (container !== undefined && typeof container !== "function")
    checkContainerUrl(`${option}.container`, container);
}

/** Checks the name of an endpoint or variant. */
export function checkName(option: string, name: string): string {
  if (typeof name === "string" && name.length <= 63 && NAME_PATTERN.test(name)) return name;
  throw invalidOption(option, "up to 63 letters, digits and inner hyphens", name);
}

/** Checks the base URL of a container. */
export function checkContainerUrl(option: string, url: string): string {
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  const isPlain =
    parsed?.search === "" && parsed.hash === "" && parsed.username === "" && parsed.password === "";
  if (isPlain && (parsed.protocol === "http:" || parsed.protocol === "https:")) return url;
  throw invalidOption(option, "a function or an http or https URL without query and credentials", url);
}
