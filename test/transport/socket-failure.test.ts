import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { errorCode, isSocketFailure } from "../../lib/transport/socket-failure.ts";

const failure = (code: string) => Object.assign(new Error(`read ${code}`), { code });
const reset = () => failure("ECONNRESET");

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

  it("is none where one error caused the other, and the other the one", () => {
    const one = new Error("one");
    one.cause = new Error("other", { cause: one });
    expect(errorCode(one)).toBeUndefined();
  });
});

describe("a connection", () => {
  it.each(["ECONNRESET", "ECONNABORTED", "EPIPE", "UND_ERR_SOCKET"])("broke where that is %s", (code) => {
    expect(isSocketFailure(failure(code))).toBe(true);
  });

  it.each(["ECONNREFUSED", "ETIMEDOUT", "ENOTFOUND"])("could not be made where that is %s", (code) => {
    expect(isSocketFailure(failure(code))).toBe(false);
  });

  it("did not break where the failure has no code", () => {
    expect(isSocketFailure(new Error("read"))).toBe(false);
  });
});
