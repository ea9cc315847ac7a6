import { checkInteger, checkKeys, checkOneOf, checkRatio, invalidOption } from "../../validate.ts";
import type { OperationName } from "../types.ts";
import { type Fields, objectOf, optional, stringField } from "./fields.ts";
import { parseFault } from "./parse-fault.ts";
import type { FaultMatch, FaultRule, FaultScript } from "./script.ts";

const OPERATIONS: readonly OperationName[] = [
  "InvokeEndpoint",
  "InvokeEndpointAsync",
  "InvokeEndpointWithResponseStream",
];

const MATCH_FIELDS: {
  readonly [Field in keyof Required<FaultMatch>]: (name: string, value: unknown) => unknown;
} = {
  endpoint: stringField,
  variant: stringField,
  targetModel: stringField,
  operation: (name, value) => checkOneOf(name, value as string, OPERATIONS),
  afterMs: (name, value) => checkInteger(name, value as number, 0),
  forMs: (name, value) => checkInteger(name, value as number, 1),
  every: (name, value) => checkInteger(name, value as number, 1),
  rate: (name, value) => checkRatio(name, value as number, true),
  times: (name, value) => checkInteger(name, value as number, 1),
};

/**
 * Checks a fault script from outside, such as parsed JSON, and gives it back typed. Nothing in it is
 * ignored: an unknown field is an error too.
 *
 * @throws {RangeError | TypeError} one line: where (`rules[2].match.rate`), what is allowed, what was given
 */
export function parseFaultScript(value: unknown): FaultScript {
  const script = objectOf("fault script", value);
  checkKeys("fault script", script, ["rules"]);
  if (!Array.isArray(script.rules)) throw invalidOption("rules", "a list of fault rules", script.rules);
  return { rules: script.rules.map((rule, index) => parseRule(`rules[${index}]`, rule)) };
}

function parseRule(name: string, value: unknown): FaultRule {
  const rule = objectOf(name, value);
  checkKeys(name, rule, ["match", "fault"]);
  const fault = parseFault(`${name}.fault`, rule.fault);
  return rule.match === undefined ? { fault } : { match: parseMatch(`${name}.match`, rule.match), fault };
}

function parseMatch(name: string, value: unknown): FaultMatch {
  const match: Fields = objectOf(name, value);
  checkKeys(name, match, Object.keys(MATCH_FIELDS));
  return optional<FaultMatch>(name, match, MATCH_FIELDS);
}
