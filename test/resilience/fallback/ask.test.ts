import { describe, expect, it } from "vitest";
import { Call } from "../../../lib/call.ts";
import type { OperationCommand } from "../../../lib/commands.ts";
import { invokeEndpoint } from "../../../lib/operations/invoke-endpoint.ts";
import type { FunctionAlternative, SentAlternative } from "../../../lib/resilience/fallback/alternative.ts";
import { askClient, askFunction } from "../../../lib/resilience/fallback/ask.ts";
import { FallbackState } from "../../../lib/resilience/fallback/fallback-state.ts";
import type { AnswerAlternative, FallbackClient } from "../../../lib/resilience/fallback/options.ts";
import { resolveFallback } from "../../../lib/resilience/fallback/settings.ts";
import { resolveSendOptions, type SendOptions } from "../../../lib/send-options.ts";
import { targetOf } from "../../../lib/target.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const input = { EndpointName: "churn", TargetVariant: "blue", Body: "1" };
const lostFor = new Error("lost");
const NEVER = new Promise<never>(() => {});

function newCall(options?: SendOptions): Call {
  const call = new Call(invokeEndpoint, targetOf(input), true, resolveSendOptions(options), new FakeClock());
  call.fallback = new FallbackState(false, undefined);
  return call;
}

function clientOf(client: unknown, place: object = {}): SentAlternative {
  const alternatives = [{ ...place, client: () => client as FallbackClient }];
  return resolveFallback({ alternatives }).alternativesOf("churn")![0] as SentAlternative;
}

function functionOf(answer: AnswerAlternative["answer"]): FunctionAlternative {
  return resolveFallback({ alternatives: [{ answer }] }).alternativesOf("churn")![0] as FunctionAlternative;
}

/** A client that answers with `end`, or fails with it, and what it was asked. */
function otherClient(end: object | Promise<never> = { $metadata: {} }) {
  const asked: { command: OperationCommand; options: SendOptions }[] = [];
  const send = async (command: OperationCommand, options: SendOptions) => {
    asked.push({ command, options });
    return end;
  };
  return { asked, send };
}

describe("another client", () => {
  it("is sent the call's input, with the place that the alternative names", async () => {
    const other = otherClient({ $metadata: { attempts: 2 }, Body: "7" });
    const result = await askClient(clientOf(other), newCall(), input);
    expect(result.output).toEqual({ $metadata: { attempts: 2 }, Body: "7" });
    expect(other.asked[0]?.command).toMatchObject({ input, operation: invokeEndpoint });
    await askClient(clientOf(other, { endpoint: "small" }), newCall(), input);
    expect(other.asked[1]?.command.input).toEqual({
      EndpointName: "small",
      TargetVariant: undefined,
      InferenceComponentName: undefined,
      Body: "1",
    });
  });

  it("has no bounds where the call has none, and may not fall back", async () => {
    const other = otherClient();
    await askClient(clientOf(other), newCall(), input);
    expect(other.asked[0]?.options).toEqual({
      abortSignal: expect.any(AbortSignal),
      callTimeoutMs: undefined,
      requestTimeout: undefined,
      priority: "standard",
      fairnessKey: undefined,
      fallback: false,
    });
  });

  it("has the bounds of the call: what is left until its deadline, and of an attempt as it is", async () => {
    const other = otherClient();
    const bound = newCall({ requestTimeout: 40, priority: "critical", fairnessKey: "k" });
    bound.deadlineAt = 300;
    await askClient(clientOf(other), bound, input);
    await askClient(clientOf(other), newCall({ requestTimeout: 0 }), input);
    const [first, second] = other.asked.map(({ options }) => options);
    expect(first).toMatchObject({
      callTimeoutMs: 300,
      requestTimeout: 40,
      priority: "critical",
      fairnessKey: "k",
    });
    expect(second).toMatchObject({ requestTimeout: 0 });
  });

  it("ends with the call", async () => {
    const other = otherClient(NEVER);
    const call = newCall();
    const asked = askClient(clientOf(other), call, input);
    const { options } = other.asked[0]!;
    expect(options.abortSignal?.aborted).toBe(false);
    call.cancel("call");
    expect(options.abortSignal?.aborted).toBe(true);
    await expect(asked).rejects.toMatchObject({ name: "TimeoutError", clock: "call" });
  });

  it.each([
    [undefined, "undefined"],
    [{}, "an object (Object)"],
  ])("that cannot send fails: %o", async (client, shown) => {
    const message = `the client of an alternative must have send(), got ${shown}`;
    await expect(askClient(clientOf(client), newCall(), input)).rejects.toEqual(new TypeError(message));
  });
});

describe("a function", () => {
  it("is given the error, the input, the time that is left, and answers the call", async () => {
    const told: unknown[] = [];
    const call = newCall();
    call.deadlineAt = 300;
    const alternative = functionOf((error, given, { signal, remainingMs }) => {
      told.push(error, given, signal.aborted, remainingMs);
      return { Body: "7" };
    });
    const { output } = await askFunction(alternative, call, input, lostFor);
    expect(told).toEqual([lostFor, input, false, 300]);
    expect(String(Buffer.from((output as unknown as { Body: Uint8Array }).Body))).toBe("7");
  });

  it("fails where what it gives is no answer", async () => {
    const asked = askFunction(
      functionOf(() => ({ Body: 5 }) as never),
      newCall(),
      input,
      lostFor,
    );
    await expect(asked).rejects.toThrow("must be text or bytes, got a value of type number");
  });

  it("is told, and not waited for, when the call ends", async () => {
    let signal: AbortSignal | undefined;
    const call = newCall();
    const asked = askFunction(
      functionOf((_error, _input, context) => {
        signal = context.signal;
        return NEVER;
      }),
      call,
      input,
      lostFor,
    );
    call.cancel("destroyed");
    await expect(asked).rejects.toMatchObject({ name: "AbortError", message: "The client was destroyed" });
    expect(signal?.aborted).toBe(true);
  });
});

describe("what others did for the call", () => {
  const failing = (error: unknown) => otherClient(Promise.reject(error));

  async function accountOf(client: unknown, end?: "aborted"): Promise<[number, boolean]> {
    const call = newCall();
    const asked = askClient(clientOf(client), call, input).catch(() => undefined);
    if (end !== undefined) call.cancel("abort");
    await asked;
    return [call.attemptCount, call.mayHaveExecuted()];
  }

  it("counts as far as they say", async () => {
    expect(await accountOf(otherClient({ $metadata: { attempts: 3 } }))).toEqual([3, false]);
    expect(await accountOf(otherClient())).toEqual([0, false]);
  });

  it("counts where they fail as well, and so does that a model may have run", async () => {
    expect(await accountOf(failing({ $metadata: { attempts: 2 }, mayHaveExecuted: true }))).toEqual([
      2,
      true,
    ]);
    expect(await accountOf(failing({ $metadata: {}, mayHaveExecuted: false }))).toEqual([0, false]);
    expect(await accountOf(failing(new Error("own")))).toEqual([0, false]);
  });

  it.each([undefined, null, "text"])("is nothing where they throw what is no error: %o", async (reason) => {
    expect(await accountOf(failing(reason))).toEqual([0, false]);
    await expect(askClient(clientOf(failing(reason)), newCall(), input)).rejects.toBe(reason);
  });

  it("is in doubt where a client is not waited for, and not where a function is", async () => {
    expect(await accountOf(otherClient(NEVER), "aborted")).toEqual([0, true]);
    const call = newCall();
    const asked = askFunction(
      functionOf(() => NEVER),
      call,
      input,
      lostFor,
    ).catch(() => undefined);
    call.cancel("abort");
    await asked;
    expect(call.mayHaveExecuted()).toBe(false);
  });

  it("adds up", () => {
    const state = new FallbackState(false, undefined);
    state.addElsewhere(2, true);
    state.addElsewhere(1, false);
    expect([state.attemptsElsewhere, state.mayHaveExecutedElsewhere]).toEqual([3, true]);
  });
});
