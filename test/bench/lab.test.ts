import { describe, expect, it } from "vitest";
import { BenchError } from "../../bench/errors.ts";
import { checkCounts } from "../../bench/lab.ts";

describe("the counts of the load server", () => {
  const counts = (answered: number, refused = 0) => ({ answered, refused, refusal: "a body of 5 bytes" });
  const check = (calls: number, after: ReturnType<typeof counts>) =>
    checkCounts({ name: "peer" }, { calls }, counts(100), after);

  it("pass where it answered as many requests as the client made calls", () => {
    expect(() => check(40, counts(140))).not.toThrow();
  });

  it("fail the run where it answered fewer or more", () => {
    expect(() => check(40, counts(139))).toThrow(BenchError);
    expect(() => check(40, counts(139))).toThrow(
      "peer made 40 calls, but the load server answered 39 requests",
    );
    expect(() => check(40, counts(141))).toThrow(BenchError);
  });

  it("fail the run where it refused a request, and say why", () => {
    expect(() => check(40, counts(140, 1))).toThrow("refused a request of peer: a body of 5 bytes");
  });
});
