import { expect, it } from "vitest";
import { Call } from "../../lib/call.ts";
import { systemClock } from "../../lib/clock.ts";
import { LiveCalls } from "../../lib/live-calls.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { resolveSendOptions } from "../../lib/send-options.ts";
import { targetOf } from "../../lib/target.ts";

function callWith(abortSignal?: AbortSignal): Call {
  const settings = resolveSendOptions(abortSignal && { abortSignal });
  return new Call(invokeEndpoint, targetOf({ EndpointName: "churn" }), true, settings, systemClock);
}

it("ends the calls that are left, whichever have ended before, and none that has", () => {
  const live = new LiveCalls();
  const calls = Array.from({ length: 7 }, () => callWith());
  for (const call of calls) live.add(call);
  for (const index of [6, 0, 3, 5]) live.remove(calls[index]!);
  live.cancelAll();
  const cancelled = calls.map((call) => call.cancelled === "destroyed");
  expect(cancelled).toEqual([false, true, true, false, true, false, false]);
  expect(live.size).toBe(3);
});

it("takes a call out once, however often that is said", async () => {
  const live = new LiveCalls();
  const [first, second] = [callWith(), callWith()];
  live.add(first);
  live.add(second);
  live.remove(first);
  live.remove(first);
  expect(live.size).toBe(1);
  live.remove(second);
  await live.whenIdle();
  expect(live.size).toBe(0);
});

it("ends every call of a signal that fires, also while they leave, and no other", () => {
  const live = new LiveCalls();
  const controller = new AbortController();
  const others = [callWith(), callWith(new AbortController().signal)];
  const calls = Array.from({ length: 5 }, () => callWith(controller.signal));
  for (const call of [...calls, ...others]) {
    call.running = { cancel: () => live.remove(call) };
    live.add(call);
  }
  controller.abort();
  expect(calls.map((call) => call.cancelled)).toEqual(calls.map(() => "abort"));
  expect(others.map((call) => call.cancelled)).toEqual([undefined, undefined]);
  expect(live.size).toBe(2);
});
