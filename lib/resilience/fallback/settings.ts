import { isPayload, toBytes } from "../../protocol/payload.ts";
import { checkResourceName } from "../../protocol/resource-name.ts";
import { checkKeys, checkMs, checkObject, checkOneOf, invalidOption } from "../../validate.ts";
import type { Alternative, ConstantAlternative, SentAlternative } from "./alternative.ts";
import type {
  ClientAlternative,
  EndpointAlternative,
  FallbackAlternative,
  FallbackAnswer,
  FallbackClient,
  FallbackOptions,
  FallbackReasons,
} from "./options.ts";
import { FALLBACK_REASONS } from "./reasons.ts";

/** What the fallback layer works with, checked and with every default filled in. */
export interface FallbackSettings {
  /** The alternatives of an endpoint; `undefined` where it has none. */
  readonly alternativesOf: (endpoint: string) => readonly Alternative[] | undefined;
  /** `undefined`: 0 before an alternative that `notReady` is a reason for, otherwise no bound. */
  readonly waitForModelMs: number | undefined;
}

/** Any of the ways to name an alternative, as it comes from the user. */
type Given = Partial<EndpointAlternative & ClientAlternative> & { answer?: unknown };

const COMMON = ["name", "on"];
const PLACES = ["endpoint", "variant", "component"] as const;
const ANSWER_MEMBERS = [
  "Body",
  "ContentType",
  "CustomAttributes",
  "InvokedProductionVariant",
  "InferenceId",
  "OutputLocation",
  "FailureLocation",
] as const satisfies readonly (keyof FallbackAnswer)[];

/**
 * @throws {RangeError} for a value that is not allowed
 * @throws {TypeError} for an option that does not exist, or an alternative that is none
 */
export function resolveFallback(options: FallbackOptions): FallbackSettings {
  checkKeys("fallback", options, ["alternatives", "on", "waitForModelMs"]);
  const { alternatives, waitForModelMs } = options;
  if (waitForModelMs !== undefined && waitForModelMs !== 0)
    checkMs("fallback.waitForModelMs", waitForModelMs);
  const on = resolveReasons("fallback.on", options.on ?? FALLBACK_REASONS);
  if (isList(alternatives)) {
    const list = resolveList("fallback.alternatives", alternatives, on);
    return { alternativesOf: () => list, waitForModelMs };
  }
  checkObject("fallback.alternatives", alternatives);
  const lists = new Map<string, readonly Alternative[]>();
  for (const [endpoint, list] of Object.entries(alternatives)) {
    checkResourceName("fallback.alternatives: each endpoint", endpoint);
    lists.set(endpoint, resolveList(`fallback.alternatives.${endpoint}`, list, on));
  }
  return { alternativesOf: (endpoint) => lists.get(endpoint), waitForModelMs };
}

function isList(
  alternatives: FallbackOptions["alternatives"],
): alternatives is readonly FallbackAlternative[] {
  return Array.isArray(alternatives);
}

function resolveList(
  option: string,
  list: readonly FallbackAlternative[],
  on: FallbackReasons,
): readonly Alternative[] {
  if (!Array.isArray(list) || list.length === 0) {
    throw invalidOption(option, "an array of at least one alternative", list);
  }
  return list.map((given, index) => resolveAlternative(`${option}[${index}]`, given, index, on));
}

function resolveAlternative(option: string, given: Given, index: number, on: FallbackReasons): Alternative {
  checkObject(option, given);
  const { name } = given;
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw invalidOption(`${option}.name`, "a name", name);
  }
  const common = { index, on: given.on === undefined ? on : resolveReasons(`${option}.on`, given.on) };
  if (given.answer === undefined) return resolveSent(option, given, common);
  checkKeys(option, given, ["answer", ...COMMON]);
  const { answer } = given;
  if (typeof answer === "function") {
    const ask = answer as Extract<Alternative, { kind: "function" }>["answer"];
    return { ...common, kind: "function", name: name ?? (ask.name || "function"), answer: ask };
  }
  return {
    ...common,
    kind: "constant",
    name: name ?? "constant",
    answer: resolveConstant(`${option}.answer`, answer),
  };
}

function resolveSent(
  option: string,
  given: Given,
  common: Pick<Alternative, "index" | "on">,
): SentAlternative {
  const kind = kindOf(given);
  if (kind === undefined) {
    throw invalidOption(option, "an alternative with variant, component, endpoint, client or answer", given);
  }
  checkKeys(option, given, [...(kind === "client" ? ["client"] : []), ...PLACES, ...COMMON]);
  const { endpoint, variant, component, client } = given;
  for (const place of PLACES) {
    if (given[place] !== undefined) checkResourceName(`${option}.${place}`, given[place]);
  }
  if (variant !== undefined && component !== undefined) {
    throw new TypeError(
      `${option}.variant and ${option}.component cannot both be given: a component has no variant`,
    );
  }
  const place = [endpoint, variant ?? component].filter((part) => part !== undefined).join("/");
  return {
    ...common,
    kind,
    name: given.name ?? (place || (regionOf(client) ?? kind)),
    endpoint,
    variant,
    component,
    client: client === undefined ? undefined : resolveClient(`${option}.client`, client),
  };
}

/** The widest change that it names. */
function kindOf(given: Given): SentAlternative["kind"] | undefined {
  return (["client", ...PLACES] as const).find((key) => given[key] !== undefined);
}

function resolveClient(option: string, client: ClientAlternative["client"]): () => FallbackClient {
  if (typeof client === "function") return client;
  if (typeof client?.send === "function") return () => client;
  throw invalidOption(option, "a client, or a function that gives one", client);
}

/** Of a client of this package: one of the AWS SDK promises its region only. */
function regionOf(client: object | undefined): string | undefined {
  const { config } = (client ?? {}) as { readonly config?: { readonly signingRegion?: unknown } };
  return typeof config?.signingRegion === "string" ? config.signingRegion : undefined;
}

function resolveConstant(option: string, answer: unknown): ConstantAlternative["answer"] {
  // What is a payload is not shown.
  if (isPayload(answer)) throw invalidOption(option, "an object with a Body", toBytes(answer));
  checkObject(option, answer);
  checkKeys(option, answer as object, ANSWER_MEMBERS);
  const { Body, ...members } = answer as FallbackAnswer;
  if (Body !== undefined && !isPayload(Body)) throw invalidOption(`${option}.Body`, "text or bytes", Body);
  for (const [member, value] of Object.entries(members)) {
    if (typeof value !== "string") throw invalidOption(`${option}.${member}`, "a text", value);
  }
  // A copy: what the caller does to the bytes afterwards changes no answer.
  return { ...members, ...(Body !== undefined && { Body: new Uint8Array(toBytes(Body)) }) };
}

function resolveReasons(option: string, on: FallbackReasons): FallbackReasons {
  if (Array.isArray(on)) {
    for (const [index, reason] of on.entries()) checkOneOf(`${option}[${index}]`, reason, FALLBACK_REASONS);
    return [...on];
  }
  if (typeof on === "function") return on;
  throw invalidOption(option, "an array of reasons, or a function", on);
}
