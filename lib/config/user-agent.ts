import { platform, release } from "node:os";
import { invalidOption } from "../validate.ts";
import { VERSION } from "../version.ts";
import type { Environment } from "./profile-file.ts";

/** Text, or pairs of a name and a version, as the AWS SDK takes them. */
export type CustomUserAgent = string | readonly (readonly [name: string, version?: string])[];

/** What the user agent says besides product, system and language. */
export interface UserAgentParts {
  readonly appId: string | undefined;
  readonly custom: CustomUserAgent | undefined;
  readonly env: Environment;
}

/** The limit of AWS's user agent form. */
const MAX_APP_ID_LENGTH = 50;

/** The `user-agent` of every request, in the form that AWS has for its SDKs (version 2.1 of it). */
export function userAgentOf({ appId, custom, env }: UserAgentParts): string {
  const words = [
    product("holdfast", VERSION),
    product("ua", "2.1"),
    product(`os/${platform()}`, release()),
    product("lang/js"),
    product("md/nodejs", process.versions.node),
    product("api/sagemaker-runtime"),
  ];
  if (env.AWS_EXECUTION_ENV) words.push(product(`exec-env/${env.AWS_EXECUTION_ENV}`));
  if (appId) words.push(product("app", appId));
  for (const [name, version] of pairsOf(custom)) words.push(product(name, version));
  return words.join(" ");
}

/** @throws {RangeError} for what is too long or not text */
export function checkAppId(origin: string, appId: string): string {
  if (typeof appId === "string" && appId.length <= MAX_APP_ID_LENGTH) return appId;
  throw invalidOption(origin, `text of at most ${MAX_APP_ID_LENGTH} characters`, appId);
}

function pairsOf(
  custom: CustomUserAgent | undefined,
): readonly (readonly [name: string, version?: string])[] {
  if (custom === undefined) return [];
  if (typeof custom === "string") return custom === "" ? [] : [[custom]];
  if (Array.isArray(custom) && custom.every(isPair)) return custom;
  throw invalidOption("customUserAgent", "text, or an array of [name, version] pairs of text", custom);
}

function isPair(pair: unknown): boolean {
  if (!Array.isArray(pair) || pair.length === 0 || pair.length > 2) return false;
  return (
    pair[0] !== "" &&
    pair.every((part) => typeof part === "string" || part === undefined) &&
    pair[0] !== undefined
  );
}

/** `name/version`; a name that has a slash already is set apart from its version by a `#`. */
function product(name: string, version?: string): string {
  const safeName = name.replace(/[^!$%&'*+\-.^_`|~\w/]/g, "-");
  if (!version) return safeName;
  return `${safeName}${safeName.includes("/") ? "#" : "/"}${version.replace(/[^!$%&'*+\-.^_`|~\w#]/g, "-")}`;
}
