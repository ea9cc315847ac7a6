import { InvalidInputError } from "../errors/local-errors.ts";
import { show } from "../validate.ts";
import { checkMember, kindOf } from "./check-member.ts";
import { misspeltMember } from "./misspelt.ts";
import { isPayload, payloadBytes } from "./payload.ts";
import { RESOURCE_NAME } from "./rules.ts";
import { type BoundShape, membersOf } from "./shape.ts";

type Members = Readonly<Record<string, unknown>>;

const PAYLOAD_KINDS = "a string, an ArrayBuffer or a view of one";
const NO_STREAMS =
  "(read a stream or Blob to its end first: a call that may be repeated needs its whole payload)";

/** Throws an InvalidInputError for the first member that breaks a rule of the operation. */
export function validateInput(shape: BoundShape, input: object): void {
  checkIsObject(input);
  const members = membersOf(input);
  for (const name in members) {
    if (!shape.inputNames.has(name)) refuseMisspelt(shape, members, name);
  }
  checkEndpointName(members);
  for (const member of shape.input) {
    const value = members[member.name];
    if (value !== undefined && value !== null) checkMember(member.name, member.rule, value);
  }
  checkPayload(shape, members.Body);
  shape.validateTogether?.(members);
}

/** Throws an InvalidInputError unless there is an input at all. */
export function checkIsObject(input: unknown): asserts input is object {
  if (typeof input !== "object" || input === null)
    throw new InvalidInputError("input", "an object", kindOf(input));
}

function checkEndpointName(members: Members): void {
  const value = members.EndpointName;
  if (value === undefined || value === null) {
    throw new InvalidInputError("EndpointName", RESOURCE_NAME.allowed, withLikeness(members, "EndpointName"));
  }
  checkMember("EndpointName", RESOURCE_NAME, value);
}

function checkPayload(shape: BoundShape, value: unknown): void {
  const { isRequired, maxBytes } = shape.payload;
  if (value === undefined || value === null) {
    if (isRequired)
      throw new InvalidInputError("Body", `${PAYLOAD_KINDS}, if only an empty one`, String(value));
  } else if (!isPayload(value)) {
    throw new InvalidInputError("Body", `${PAYLOAD_KINDS} ${NO_STREAMS}`, kindOf(value));
  } else if (maxBytes !== Number.POSITIVE_INFINITY && payloadBytes(value) > maxBytes) {
    throw new InvalidInputError("Body", `at most ${maxBytes} bytes`, `${payloadBytes(value)} bytes`);
  }
}

/**
 * Other unknown members are ignored, as the official client ignores them. One that is a slip of a member is
 * a member that would silently not be sent: a pinned variant, say, that the call is then not pinned to.
 */
function refuseMisspelt(shape: BoundShape, members: Members, name: string): void {
  const meant = misspeltMember(name, shape.inputNames);
  if (meant === undefined || (members[meant] !== undefined && members[meant] !== null)) return;
  throw new InvalidInputError(meant, "spelt exactly so", `a member named ${show(name)}`);
}

/** The missing value, with the member that was perhaps meant to be it. */
function withLikeness(members: Members, missing: string): string {
  const alike = Object.keys(members).find((name) => name.toLowerCase() === missing.toLowerCase());
  const value = String(members[missing]);
  return alike === undefined || alike === missing ? value : `${value} (the input has ${show(alike)})`;
}
