import type { StepPlacement } from "./layer.ts";
import { Slot } from "./slot.ts";

/** In the order of the official client, and where it has them. */
const ANCHORS: readonly StepPlacement[] = [
  { name: "loggerMiddleware", step: "initialize", priority: "normal" },
  { name: "httpAuthSchemeMiddleware", step: "serialize" },
  { name: "endpointV2Middleware", step: "serialize" },
  { name: "contentLengthMiddleware", step: "build", priority: "normal" },
  { name: "getUserAgentMiddleware", step: "build", priority: "low" },
  { name: "hostHeaderMiddleware", step: "build", priority: "low" },
];

/**
 * Places where the official client has a layer and this one has none, for plug-ins that place themselves next to it:
 * slots that are never switched on, so they cost a call nothing. To be added ahead of all layers.
 */
export function createAnchors(): readonly Slot<never>[] {
  return ANCHORS.map((place) => new Slot<never>(place, (none) => none));
}
