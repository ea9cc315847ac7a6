import { type ServiceError, validationError } from "../errors.ts";
import type { OperationName } from "../types.ts";
import { ENDPOINT_NAME, MEMBERS, type Member } from "./members.ts";

type Headers = Readonly<Record<string, string>>;

/**
 * Checks the endpoint's name and every modelled header, as the service does before it routes.
 *
 * @throws {ServiceError} ValidationError that names all members that break a rule
 */
export function validateMembers(operation: OperationName, endpointName: string, headers: Headers): void {
  const violations: string[] = [];
  check(ENDPOINT_NAME, endpointName, violations);
  for (const member of MEMBERS[operation]) {
    const value = headers[member.header];
    if (value !== undefined) check(member, value, violations);
  }
  if (violations.length > 0) throw violationsError(violations);
}

/** The headers that the container gets: the modelled ones alone, under their container's names. */
export function containerHeaders(operation: OperationName, headers: Headers): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const { header, containerHeader } of MEMBERS[operation]) {
    const value = headers[header];
    if (value !== undefined && containerHeader !== undefined) forwarded[containerHeader] = value;
  }
  return forwarded;
}

function violationsError(violations: readonly string[]): ServiceError {
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected`;
  return validationError(`${count}: ${violations.join("; ")}`);
}

function check(member: Member, value: string, violations: string[]): void {
  const constraint = brokenConstraint(member, value);
  if (constraint === undefined) return;
  const shown = member.isSensitive ? "Value" : `Value '${value}'`;
  violations.push(`${shown} at '${member.name}' failed to satisfy constraint: Member must ${constraint}`);
}

function brokenConstraint(
  { range, minLength, maxLength, pattern }: Member,
  value: string,
): string | undefined {
  if (range !== undefined) {
    const [low, high] = range;
    if (!/^-?\d+$/.test(value)) return "be a whole number";
    if (Number(value) < low) return `have value greater than or equal to ${low}`;
    return Number(value) > high ? `have value less than or equal to ${high}` : undefined;
  }
  if (value.length < minLength) return `have length greater than or equal to ${minLength}`;
  if (value.length > maxLength) return `have length less than or equal to ${maxLength}`;
  if (pattern === undefined || pattern.test(value)) return undefined;
  return `satisfy regular expression pattern: ${pattern.source}`;
}
