import { ConsecutiveBreaker } from "cockatiel";
import { expect } from "vitest";
import { InvokeEndpointWithResponseStreamCommand } from "../../../lib/commands.ts";
import type { SageMakerRuntimeClientConfig } from "../../../lib/config/client-config.ts";
import { payloadPartFrame } from "../../../lib/event-stream/encoder.ts";
import type { SendOptions } from "../../../lib/send-options.ts";
import { type Policy, policy } from "../../../middleware/policy.ts";
import { settle } from "../../support/fake-clock.ts";
import { type ScriptedClient, type Settled, scriptedClient } from "../../support/scripted-client.ts";
import type { ScriptedAnswer } from "../../support/scripted-dispatcher.ts";

/** What a layer must do together with each layer inside of it, by the name of that, and a scenario that shows it. */
export type Pairs = Readonly<Record<string, readonly [must: string, run: () => Promise<void>]>>;

/** An input that breaks a rule of the service. */
export const INVALID = { TargetVariant: "not a name!" } as const;
export const THROTTLED = { status: 400, headers: { "x-amzn-errortype": "ThrottlingException" } } as const;
export const GREEN = { status: 200, headers: { "x-amzn-invoked-production-variant": "green" } } as const;
/** Larger than what is hashed in one go. */
export const LARGE_BODY = Buffer.alloc(4 * 1_024 * 1_024, 7);

/** One attempt per call, and no breaker that would end a series of failures. */
export const ALONE = { retry: false, circuitBreaker: false } as const;
export const TRIPS_AT_ONE = { breaker: () => new ConsecutiveBreaker(1) };
export const ONE_AND_NO_QUEUE = { algorithm: "fixed", initial: 1, maxQueue: 0 } as const;
/** One retry or hedge in ten seconds. */
export const ONE_EXTRA = { budget: { minPerSecond: 0.1, ratio: 0 } };
/** A constant in place of an answer that is lost. */
export const CONSTANT = { alternatives: [{ answer: { Body: "0.5" } }] };
export const TO_GREEN = { alternatives: [{ variant: "green" }] };

/** Makes one call and moves time on by `ms`, by when it must have ended. */
export async function ended(
  { call, clock }: Pick<ScriptedClient, "call" | "clock">,
  ms = 0,
  ...args: Parameters<ScriptedClient["call"]>
): Promise<Settled> {
  let end: Settled | undefined;
  void call(...args).then((settled) => {
    end = settled;
  });
  await clock.advance(ms);
  if (end === undefined) throw new Error(`the call has not ended within ${ms} ms`);
  return end;
}

/** A call whose answer is an event stream of one part, up to its head. */
export async function openStream({ client }: Pick<ScriptedClient, "client">, options: SendOptions = {}) {
  const command = new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "{}" });
  return (await client.send(command, options)).Body;
}

export const STREAM = { status: 200, body: payloadPartFrame(Buffer.from("hello")) } as const;

/** A client whose only permit is taken until `release` is called. */
export async function fullClient(
  script: readonly ScriptedAnswer[],
  config: SageMakerRuntimeClientConfig = {},
) {
  const test = scriptedClient(["silence", ...script], { concurrencyLimit: 1, ...config });
  const controller = new AbortController();
  const holding = test.call({}, { abortSignal: controller.signal });
  await settle();
  expect(test.network.inFlight).toBe(1);
  const release = async () => {
    controller.abort();
    await holding;
  };
  return { ...test, release };
}

/** A client whose calls a policy runs. */
export function clientUnder(
  execute: Policy["execute"],
  script: readonly ScriptedAnswer[],
  config: SageMakerRuntimeClientConfig = ALONE,
): ScriptedClient {
  const test = scriptedClient(script, config);
  test.client.middlewareStack.use(policy({ execute }));
  return test;
}

/** Runs the call, and once more where it failed. */
export const runsTwice: Policy["execute"] = (run, signal) => run({ signal }).catch(() => run({ signal }));

/** Runs the call once, and keeps what it failed with. */
export function recording(seen: unknown[]): Policy["execute"] {
  return (run, signal) =>
    run({ signal }).catch((error: unknown) => {
      seen.push(error);
      throw error;
    });
}
