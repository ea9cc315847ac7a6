import { describe, expect, it } from "vitest";
import type { Attempt } from "../../lib/attempt.ts";
import { Call } from "../../lib/call.ts";
import { CredentialsProviderError, SageMakerRuntimeServiceException } from "../../lib/index.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { meaningOf, wasNeverSent } from "../../lib/plugin/error-meaning.ts";
import { resolveSendOptions } from "../../lib/send-options.ts";
import { targetOf } from "../../lib/target.ts";
import { FakeClock } from "../support/fake-clock.ts";

function attemptOf(error: Error, statusCode = 0): Attempt {
  const target = targetOf({ EndpointName: "churn" });
  const call = new Call(invokeEndpoint, target, true, resolveSendOptions(undefined), new FakeClock());
  const attempt = call.startAttempt("first");
  attempt.sent = !wasNeverSent(error);
  if (statusCode !== 0) attempt.answered(statusCode, {});
  return attempt;
}

/** What an attempt that ended so means, as an error would say it. */
function summaryOf(error: Error, statusCode?: number) {
  const attempt = attemptOf(error, statusCode);
  const { outcome } = attempt.end(meaningOf(error, attempt));
  return { outcome, mayHaveExecuted: attempt.mayHaveExecuted() };
}

const made = (message: string, fields: object) => Object.assign(new Error(message), fields);
const CONNECTING =
  "@smithy/node-http-handler - the request socket did not establish a connection with the server";

describe("an error of the SDK's HTTP handler", () => {
  it.each<[string, Error, number | undefined, string, boolean]>([
    [
      "no listener",
      made("", { code: "ECONNREFUSED", syscall: "connect" }),
      undefined,
      "connect_error",
      false,
    ],
    ["no route", made("", { code: "EHOSTUNREACH", syscall: "connect" }), undefined, "connect_error", false],
    [
      "no such name",
      made("", { code: "ENOTFOUND", syscall: "getaddrinfo" }),
      undefined,
      "connect_error",
      false,
    ],
    ["a foreign certificate", made("", { code: "CERT_HAS_EXPIRED" }), undefined, "connect_error", false],
    ["connectionTimeout", made(CONNECTING, { name: "TimeoutError" }), undefined, "connect_error", false],
    ["socketTimeout", made("timed out", { name: "TimeoutError" }), undefined, "timeout", true],
    ["requestTimeout", made("", { name: "TimeoutError", code: "ETIMEDOUT" }), undefined, "timeout", true],
    [
      "a reset",
      made("socket hang up", { name: "TimeoutError", code: "ECONNRESET" }),
      undefined,
      "reset",
      true,
    ],
    ["an answer cut short", made("aborted", { code: "ECONNRESET" }), 200, "reset", true],
    ["an abort", made("Request aborted", { name: "AbortError" }), undefined, "cancelled", true],
    [
      "no address answers",
      Object.assign(new AggregateError([made("", { syscall: "connect" })]), { code: "ETIMEDOUT" }),
      undefined,
      "connect_error",
      false,
    ],
  ])("is told from others: %s", (_, error, statusCode, outcome, mayHaveExecuted) => {
    expect(summaryOf(error, statusCode)).toEqual({ outcome, mayHaveExecuted });
  });
});

describe("an answer that the SDK cannot read", () => {
  const unread = (headers: object) => Object.assign(new SyntaxError("<html>"), { $response: { headers } });

  it("counts as what it is, where it was accepted", () => {
    expect(summaryOf(unread({}), 200).outcome).toBe("decode_error");
  });

  it.each([
    [502, {}, "server_error"],
    [403, {}, "auth"],
    [400, { "x-amzn-errortype": "ThrottlingException" }, "throttled"],
  ])("counts by its status %i and the name in its head %j", (status, headers, outcome) => {
    expect(summaryOf(unread(headers), status).outcome).toBe(outcome);
  });
});

describe("an error of other origin", () => {
  it("is one of credentials, where there are none", () => {
    const error = made("no way", { name: "CredentialsProviderError" });
    expect(meaningOf(error, attemptOf(error))).toBeInstanceOf(CredentialsProviderError);
  });

  it("stays what it is, with or without an attempt", () => {
    const error = new TypeError("a plug-in failed");
    expect(meaningOf(error, attemptOf(error, 200))).toBe(error);
    expect(meaningOf(error, undefined)).toBe(error);
    expect(meaningOf("text", attemptOf(error))).toBe("text");
  });

  it("of the service is understood as it stands", () => {
    const error = new SageMakerRuntimeServiceException({
      name: "AccessDenied",
      $fault: "client",
      $metadata: {},
    });
    expect(meaningOf(error, attemptOf(error, 403))).toBe(error);
  });
});
