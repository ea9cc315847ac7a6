import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { errorCode, isSocketFailure } from "../../lib/transport/socket-failure.ts";

const reset = () => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

describe("the code of a network error", () => {
  it("is its own, or that of what caused it", () => {
    expect(errorCode(reset())).toBe("ECONNRESET");
    expect(errorCode(new TypeError("terminated", { cause: reset() }))).toBe("ECONNRESET");
  });

  it("is found in an error of another realm, as Node's own are in the sandbox of a test runner", () => {
    const error: unknown = runInNewContext(
      'new Error("a", { cause: Object.assign(new Error("b"), { code: "ECONNRESET" }) })',
    );
    expect(error).not.toBeInstanceOf(Error);
    expect(errorCode(error)).toBe("ECONNRESET");
    expect(isSocketFailure(error)).toBe(true);
  });

  it("is none of what is no error, or has a number", () => {
    expect(errorCode({ code: "ECONNRESET" })).toBeUndefined();
    expect(errorCode(AbortSignal.abort().reason)).toBeUndefined();
  });
});
