import type { HttpResponse } from "../../http.ts";
import type { ChaosOutcome } from "./options.ts";

interface Injected {
  readonly statusCode: number;
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Statuses as the service answers with them: throttling is a 400, and a loading model a 429. */
export const CHAOS_ANSWERS: Readonly<Record<ChaosOutcome, Injected>> = {
  ServiceUnavailable: { statusCode: 503 },
  ThrottlingException: { statusCode: 400 },
  ModelNotReadyException: { statusCode: 429 },
  ModelError: { statusCode: 424, members: { OriginalStatusCode: 500, OriginalMessage: "chaos" } },
  InternalFailure: { statusCode: 500 },
};

/** The answer of the service with this error. Its message says that it was injected. */
export function chaosAnswer(outcome: ChaosOutcome): HttpResponse {
  const { statusCode, members } = CHAOS_ANSWERS[outcome];
  const body = JSON.stringify({ message: `${outcome} injected by the chaos layer`, ...members });
  return {
    statusCode,
    headers: { "content-type": "application/json", "x-amzn-errortype": outcome },
    body: Buffer.from(body),
  };
}
