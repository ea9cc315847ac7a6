import type { Part } from "./part.ts";
import { bundling } from "./parts/bundle.ts";
import { closedLoop } from "./parts/closed-loop.ts";
import { faults } from "./parts/faults.ts";
import { importing } from "./parts/import.ts";
import { layers } from "./parts/layers.ts";
import { millionCalls } from "./parts/million-calls.ts";
import { openLoop } from "./parts/open-loop.ts";
import { soak } from "./parts/soak.ts";
import { streams } from "./parts/streams.ts";
import { tls } from "./parts/tls.ts";

/** Every part, in the order in which they run. */
export const PARTS: readonly Part[] = [
  bundling,
  importing,
  streams,
  closedLoop,
  openLoop,
  tls,
  layers,
  faults,
  millionCalls,
  soak,
];
