import type { Clock } from "../../clock.ts";
import type { VariantSpec } from "../types.ts";
import type { Container } from "./container.ts";
import { echoHandler, HandlerContainer } from "./handler-container.ts";
import { HttpContainer } from "./http-container.ts";

/** The container of a variant: its URL, its function, or the echo. */
export function containerFor({ container = echoHandler }: VariantSpec, clock: Clock): Container {
  return typeof container === "string"
    ? new HttpContainer(container, clock)
    : new HandlerContainer(container);
}
