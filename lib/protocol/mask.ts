/** As the AWS SDK has it in place of what no log may show. */
const MASK = "***SensitiveInformation***";

/** Members that the service's API model marks as sensitive. */
const SENSITIVE: ReadonlySet<string> = new Set(["Body", "CustomAttributes"]);

/** A copy for a log: these members alone, those that are set, and of the sensitive ones that they are. */
export function mask(members: readonly string[], value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const given = value as Readonly<Record<string, unknown>>;
  const shown: Record<string, unknown> = {};
  for (const name of members) {
    if (given[name] === undefined || given[name] === null) continue;
    shown[name] = SENSITIVE.has(name) ? MASK : given[name];
  }
  return shown;
}
