import { describe, expect, it } from "vitest";
import { AnswerTime } from "../../lib/resilience/answer-time.ts";

describe("the time that an answer takes", () => {
  it("is unknown at first, then that of the first answer, and follows the later ones slowly", () => {
    const time = new AnswerTime();
    expect(time.ms).toBe(0);
    time.answered(100);
    expect(time.ms).toBe(100);
    time.answered(200);
    expect(time.ms).toBeCloseTo(105);
  });

  it("is longer where attempts give up that have waited as long, and no shorter for those that have not", () => {
    const time = new AnswerTime();
    time.answered(100);
    time.gaveUp(99);
    expect(time.ms).toBe(100);
    time.gaveUp(100);
    expect(time.ms).toBeCloseTo(105);
  });
});
