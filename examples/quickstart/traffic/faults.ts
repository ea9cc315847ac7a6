import type { FaultScript } from "holdfast/local";
import { CANARY } from "../variants.ts";

/** What goes wrong during the run, in words for whoever watches it. */
export const FAULTS_IN_WORDS =
  `5 % of attempts are answered with 503, 0.5 % lose their connection, ` +
  `and the model of variant ${CANARY.name} is being loaded for the first 3 s`;

/** The same for the local endpoint. Each rule draws for itself among the attempts that it applies to. */
export const FAULTS: FaultScript = {
  rules: [
    { match: { rate: 0.05 }, fault: { type: "status", status: 503 } },
    // Before the answer, and inside it: the second kind proves that the model has run.
    { match: { rate: 0.0025 }, fault: { type: "reset" } },
    { match: { rate: 0.0025 }, fault: { type: "reset", afterBytes: 10 } },
    { match: { variant: CANARY.name, forMs: 3_000 }, fault: { type: "notReady" } },
  ],
};
