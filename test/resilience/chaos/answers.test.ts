import { describe, expect, it } from "vitest";
import { CHAOS_ANSWERS, chaosAnswer } from "../../../lib/resilience/chaos/answers.ts";
import type { ChaosOutcome } from "../../../lib/resilience/chaos/options.ts";

describe("an answer that is injected", () => {
  const STATUS = {
    ServiceUnavailable: 503,
    ThrottlingException: 400,
    ModelNotReadyException: 429,
    ModelError: 424,
    InternalFailure: 500,
  } as const satisfies Record<ChaosOutcome, number>;

  it.each(Object.entries(STATUS) as [ChaosOutcome, number][])(
    "%s has the status %i, and says what it is",
    (outcome, status) => {
      const { statusCode, headers, body } = chaosAnswer(outcome);
      expect(statusCode).toBe(status);
      expect(headers).toEqual({ "content-type": "application/json", "x-amzn-errortype": outcome });
      expect(JSON.parse(String(body))).toMatchObject({ message: `${outcome} injected by the chaos layer` });
    },
  );

  it("is there for each outcome, and of a model says what its container did", () => {
    expect(Object.keys(CHAOS_ANSWERS)).toEqual(Object.keys(STATUS));
    expect(JSON.parse(String(chaosAnswer("ModelError").body))).toEqual({
      message: "ModelError injected by the chaos layer",
      OriginalStatusCode: 500,
      OriginalMessage: "chaos",
    });
  });
});
