import { invalidOption } from "../validate.ts";
import { RESOURCE_NAME } from "./rules.ts";

/** Checks an option that names an endpoint, a variant or a component. */
export function checkResourceName(option: string, name: unknown): string {
  if (
    typeof name === "string" &&
    name.length <= RESOURCE_NAME.maxLength &&
    RESOURCE_NAME.pattern.test(name)
  ) {
    return name;
  }
  throw invalidOption(option, RESOURCE_NAME.allowed, name);
}
