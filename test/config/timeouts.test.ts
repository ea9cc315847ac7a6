import { loadConfigsForDefaultMode } from "@smithy/core/client";
import { Agent } from "undici";
import { describe, expect, it } from "vitest";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { resolveConfig } from "../../lib/config/resolve-config.ts";
import { resolveTimeouts } from "../../lib/config/timeouts.ts";
import { sharedFiles } from "./shared-files.ts";

const filesWith = sharedFiles();
const invalid = (input: unknown) => () => resolveTimeouts(input as SageMakerRuntimeClientConfig);

describe("timeouts", () => {
  it("are 1 s to connect and 70 s without a byte by default, with no bound on the attempt", () => {
    expect(resolveTimeouts({})).toEqual({ connectMs: 1_000, socketMs: 70_000, attemptMs: undefined });
    expect(resolveTimeouts({ timeouts: { connectMs: undefined } }).connectMs).toBe(1_000);
  });

  it("may be set one by one", () => {
    expect(resolveTimeouts({ timeouts: { socketMs: 5 } })).toEqual({
      connectMs: 1_000,
      socketMs: 5,
      attemptMs: undefined,
    });
    expect(resolveTimeouts({ timeouts: { connectMs: 1, socketMs: 2, attemptMs: 3 } })).toEqual({
      connectMs: 1,
      socketMs: 2,
      attemptMs: 3,
    });
  });

  it("may be set in the AWS SDK's words", () => {
    const requestHandler = {
      connectionTimeout: 1,
      socketTimeout: 2,
      requestTimeout: 3,
      throwOnRequestTimeout: true,
    } as const;
    expect(resolveTimeouts({ requestHandler })).toEqual({ connectMs: 1, socketMs: 2, attemptMs: 3 });
  });

  it("have no bound on the attempt with a requestTimeout of 0, as in the AWS SDK", () => {
    expect(resolveTimeouts({ requestHandler: { requestTimeout: 0 } }).attemptMs).toBeUndefined();
    expect(invalid({ requestHandler: { connectionTimeout: 0 } })).toThrow(
      /^requestHandler\.connectionTimeout must be/,
    );
  });

  it("may not be set twice", () => {
    expect(invalid({ timeouts: { attemptMs: 1 }, requestHandler: { requestTimeout: 1 } })).toThrow(
      new TypeError(
        "timeouts.attemptMs and requestHandler.requestTimeout set the same clock: give one of them",
      ),
    );
    expect(
      resolveTimeouts({ timeouts: { attemptMs: 1 }, requestHandler: { socketTimeout: 2 } }),
    ).toMatchObject({
      attemptMs: 1,
      socketMs: 2,
    });
  });

  it.each([0, -1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY, "5", null])(
    "are milliseconds that a timer can hold, not %s",
    (value) => {
      for (const clock of ["connectMs", "socketMs", "attemptMs"]) {
        expect(invalid({ timeouts: { [clock]: value } })).toThrow(
          new RegExp(`^timeouts\\.${clock} must be a number of milli`),
        );
      }
    },
  );

  it("have no others", () => {
    expect(invalid({ timeouts: { conectMs: 5 } })).toThrow(
      new TypeError("timeouts.conectMs is not an option; known here: connectMs, socketMs, attemptMs"),
    );
    expect(invalid({ timeouts: 5 })).toThrow(/^timeouts must be an object of options, got 5/);
  });

  it("leave connecting to a dispatcher where there is one", () => {
    const dispatcher = new Agent();
    expect(invalid({ dispatcher, timeouts: { connectMs: 5 } })).toThrow(
      /^timeouts\.connectMs cannot be combined with dispatcher/,
    );
    expect(invalid({ dispatcher, requestHandler: { connectionTimeout: 5 } })).toThrow(
      /cannot be combined with dispatcher/,
    );
    expect(resolveTimeouts({ dispatcher, timeouts: { socketMs: 5 } }).socketMs).toBe(5);
  });
});

describe("the defaults mode of the environment and of a profile", () => {
  it("says nothing in the official client but how long connecting may take", () => {
    for (const mode of ["standard", "in-region", "cross-region", "mobile"] as const) {
      expect(loadConfigsForDefaultMode(mode)).toEqual({
        retryMode: "standard",
        connectionTimeout: expect.any(Number),
      });
    }
  });

  it("is not looked at: connecting may take the same in each", () => {
    const files = filesWith("[default]\ndefaults_mode = mobile\n");
    const found = resolveConfig({ region: "eu-west-1" }, { ...files, AWS_DEFAULTS_MODE: "cross-region" });
    expect(found.timeouts.connectMs).toBe(1_000);
  });
});

describe("requestHandler", () => {
  it("is no instance of a handler", () => {
    class NodeHttpHandler {
      handle(): void {}
    }
    expect(invalid({ requestHandler: new NodeHttpHandler() })).toThrow(
      /^requestHandler must be a plain object.*use dispatcher/,
    );
  });

  it.each(["httpsAgent", "httpAgent", "logger", "socketAcquisitionWarningTimeout", "keepAlive"])(
    "has no %s",
    (key) => {
      expect(invalid({ requestHandler: { [key]: {} } })).toThrow(
        new RegExp(`^requestHandler\\.${key} is not honoured; .*dispatcher \\(undici\\).*maxSockets$`),
      );
      expect(invalid({ requestHandler: { [key]: undefined } })).not.toThrow();
    },
  );

  it("cannot turn a timeout into a warning", () => {
    for (const throwOnRequestTimeout of [false, 0, null]) {
      expect(invalid({ requestHandler: { throwOnRequestTimeout } })).toThrow(
        `requestHandler.throwOnRequestTimeout must be true: a timeout is always an error, got ${throwOnRequestTimeout}`,
      );
    }
  });

  it("is an object", () => {
    expect(invalid({ requestHandler: 5 })).toThrow(/^requestHandler must be an object of options, got 5/);
    expect(invalid({ requestHandler: null })).toThrow(
      /^requestHandler must be an object of options, got null/,
    );
  });
});
