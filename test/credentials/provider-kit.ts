import type { AwsCredentialIdentity } from "@smithy/types";
import { expect } from "vitest";
import { CachedCredentials } from "../../lib/credentials/cached-credentials.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { Scope } from "./scope.ts";

export const MINUTE = 60_000;

/** A provider that the test answers by hand, and the credentials cached in front of it. */
export function setUp(random = 0) {
  const clock = new FakeClock();
  const asked: {
    isForced: boolean;
    answer: (identity: AwsCredentialIdentity) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const source = new CachedCredentials(
    (isForced) => new Promise((answer, fail) => asked.push({ isForced, answer, fail })),
    { clock, random: () => random },
  );
  const identity = (name: string, validMs?: number): AwsCredentialIdentity => ({
    accessKeyId: `AKID-${name}`,
    secretAccessKey: `secret-${name}`,
    ...(validMs === undefined ? {} : { expiration: new Date(clock.epochNow() + validMs) }),
  });
  /** Answers the oldest question that has none yet. */
  let answered = 0;
  const answer = async (name: string, validMs?: number) => {
    asked[answered++]!.answer(identity(name, validMs));
    await settle();
  };
  const fail = async (message: string) => {
    asked[answered++]!.fail(new Error(message));
    await settle();
  };
  const pending = () => asked.length - answered;
  /** Credentials that are there at once; the test fails where they are waited for. */
  const now = () => {
    const result = source.resolve(new Scope());
    expect(result).not.toBeInstanceOf(Promise);
    return result as AwsCredentialIdentity;
  };
  return { clock, asked, source, answer, fail, pending, now };
}
