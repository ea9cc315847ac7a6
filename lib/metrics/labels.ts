import { OUTCOMES } from "../outcome.ts";
import {
  ATTEMPT_KIND,
  BREAKER_STATE,
  BREAKER_STATE_LABEL,
  CALL_PRIORITY,
  FALLBACK_CAUSE,
  FALLBACK_CAUSE_LABEL,
  FALLBACK_KIND,
  FALLBACK_RESULT,
  GUARDED_LABEL,
  HEDGE_RESULT,
  HEDGE_SUPPRESSION,
  QUEUE_REJECTION,
  STATUSES,
  STORE_ERROR,
  SUPPRESSION_REASON,
} from "./closed-label.ts";

export type LabelName =
  | "endpoint"
  | "variant"
  | "outcome"
  | "status"
  | "kind"
  | "reason"
  | "result"
  | "alternative"
  | "priority"
  | "state"
  | "to"
  | "label"
  | "version"
  | "node";

const BREAKER_STATES = BREAKER_STATE.values.map((state) => BREAKER_STATE_LABEL[state]);

/** What each label says, and its values where they are known beforehand. */
export const LABELS: Readonly<
  Record<LabelName, { readonly help: string; readonly values?: readonly string[] }>
> = {
  endpoint: { help: "EndpointName of the call; `_other` beyond `maxEndpoints` names." },
  variant: {
    help:
      "The production variant that answered, or else the one that was asked for. `_unknown`: sent, and nothing " +
      "says where to; `_none`: never sent, or answered elsewhere; `_other`: beyond `maxVariants` names; `_any`: " +
      "all variants together.",
  },
  outcome: { help: "How it ended.", values: OUTCOMES },
  status: { help: "`ok` where `outcome` is `ok`.", values: STATUSES },
  kind: { help: "Why the attempt was made.", values: ATTEMPT_KIND.values },
  reason: {
    help:
      "Of `retries_total`: the `outcome` that was tried again. Of `fallbacks_total`: what the call was lost for: " +
      `${codes(FALLBACK_CAUSE.values.map((cause) => FALLBACK_CAUSE_LABEL[cause]))}. Of \`hedges_suppressed_total\`: ` +
      `${codes(HEDGE_SUPPRESSION.values)}. Of \`breaker_store_errors_total\`: ${codes(STORE_ERROR.values)}. ` +
      `Of \`queue_rejections_total\`: ${codes(QUEUE_REJECTION.values)}. ` +
      "Of `retries_suppressed_total`:",
    values: SUPPRESSION_REASON.values,
  },
  result: {
    help:
      `Of \`fallbacks_total\`: ${codes(FALLBACK_RESULT.values)}. Of \`hedges_total\` (\`lost\`: cancelled, as another ` +
      "attempt was faster or the call ended; `failed`: ended in an error):",
    values: HEDGE_RESULT.values,
  },
  alternative: { help: "What was asked in place of the model.", values: FALLBACK_KIND.values },
  priority: { help: "Class of the call.", values: CALL_PRIORITY.values },
  state: { help: "State of the breaker.", values: BREAKER_STATES },
  to: { help: "State that was entered.", values: BREAKER_STATES },
  label: { help: "Label that overflowed.", values: GUARDED_LABEL.values },
  version: { help: "Version of this package." },
  node: { help: "Version of Node." },
};

function codes(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(", ");
}
