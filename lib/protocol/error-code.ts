import type { HeaderBag } from "@smithy/types";
import type { ErrorMembers } from "./service-error.ts";

/** What a code may be: it becomes the error's name, which ends up in logs. */
const CODE = /^[\x21-\x7e]{1,128}$/;

/**
 * The code of an error answer: from `x-amzn-errortype`, from the member `code` in any case, or from `__type`,
 * in that order. One that is no short printable text is passed over.
 */
export function errorCodeOf(headers: HeaderBag, members: ErrorMembers): string | undefined {
  return clean(headers["x-amzn-errortype"]) ?? clean(codeMember(members)) ?? clean(members.__type);
}

function codeMember(members: ErrorMembers): unknown {
  for (const name in members) {
    if (name.length === 4 && name.toLowerCase() === "code") return members[name];
  }
  return undefined;
}

/** The shape's bare name: services add a namespace in front (`ns#Name`) and a URI behind (`Name:http://...`). */
function clean(raw: unknown): string | undefined {
  if (typeof raw !== "string" && typeof raw !== "number") return undefined;
  const [beforeComma = ""] = String(raw).split(",", 1);
  const [beforeColon = ""] = beforeComma.split(":", 1);
  const [code = "", afterHash] = beforeColon.split("#", 2);
  const name = afterHash ?? code;
  return CODE.test(name) ? name : undefined;
}
