import type { Part } from "./part.ts";
import { closedLoop } from "./parts/closed-loop.ts";

/** Every part, in the order in which they run. */
export const PARTS: readonly Part[] = [closedLoop];
