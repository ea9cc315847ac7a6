import { describe, expect, it } from "vitest";
import { Call } from "../../lib/call.ts";
import type { HttpRequest } from "../../lib/http.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { HedgeRace } from "../../lib/resilience/hedge-race.ts";
import { resolveHedge } from "../../lib/resilience/hedge-settings.ts";
import { HedgeState } from "../../lib/resilience/hedge-state.ts";
import { resolveSendOptions } from "../../lib/send-options.ts";
import { targetOf } from "../../lib/target.ts";
import type { CallArgs, CallResult } from "../../lib/types.ts";
import { type Deferred, deferred } from "../support/deferred.ts";
import { FakeClock } from "../support/fake-clock.ts";

const NO_SETTINGS = resolveSendOptions(undefined);
const USUAL_MS = 20;

/** The first attempt of a race, against a target that is known; whatever is sent ends when the test says so. */
function startRace() {
  const clock = new FakeClock();
  const settings = resolveHedge({ minimumSamples: 1, maxExtraLoad: 0.5 }, { random: () => 0 });
  const state = new HedgeState(settings, 0);
  for (let i = 0; i < 10; i++) state.attempted(0);
  state.took(USUAL_MS, 0);
  const call = new Call(invokeEndpoint, targetOf({ EndpointName: "churn" }), true, NO_SETTINGS, clock);
  const sent: CallArgs[] = [];
  const ends: Deferred<CallResult>[] = [];
  const next = (args: CallArgs) => {
    const end = deferred<CallResult>();
    sent.push(args);
    if (args.attempt !== undefined) args.attempt.sent = true;
    ends.push(end);
    return end.promise;
  };
  const request = { headers: { host: "h" }, body: new Uint8Array(0) } as unknown as HttpRequest;
  const args: CallArgs = { input: {}, request, call, attempt: call.startAttempt("first") };
  const race = new HedgeRace(args, next, state, settings);
  const result = next(args).then((answer) => race.firstAnswered(answer));
  return { args, call, clock, ends, result, sent };
}

function answer(statusCode: number): CallResult {
  return { response: { statusCode, headers: {}, body: new Uint8Array(0) }, output: undefined };
}

describe("two attempts that answer in the same moment", () => {
  it.each([
    ["first", [0, 1]],
    ["hedge", [1, 0]],
  ] as const)(
    "give one answer: that of the one that is looked at first, here the %s",
    async (kind, order) => {
      const { args, call, clock, ends, result } = startRace();
      await clock.advance(2 * USUAL_MS);
      for (const index of order) ends[index]?.resolve(answer(200 + index));
      expect((await result).response.statusCode).toBe(kind === "first" ? 200 : 201);
      const winner = call.attempts.find((attempt) => attempt.kind === kind);
      expect(winner).toBeDefined();
      expect([args.attempt, call.decidedBy, call.running]).toEqual([winner, winner, winner]);
      expect(clock.pendingTimers).toBe(0);
    },
  );
});

describe("a hedge", () => {
  it("has its own arguments and request: a layer that changes them changes nothing of the first attempt", async () => {
    const { clock, ends, result, sent } = startRace();
    await clock.advance(2 * USUAL_MS);
    const [first, hedge] = sent;
    expect([first?.attempt?.kind, hedge?.attempt?.kind]).toEqual(["first", "hedge"]);
    Object.assign(hedge?.request?.headers ?? {}, { host: "changed" });
    expect(first?.request?.headers.host).toBe("h");
    for (const end of ends) end.resolve(answer(200));
    await result;
  });

  it("is not started once the first attempt was cancelled, however long that takes to end", async () => {
    const { call, clock, ends, result, sent } = startRace();
    call.cancel("abort");
    await clock.advance(10 * USUAL_MS);
    expect(sent.length).toBe(1);
    ends[0]?.resolve(answer(200));
    await result;
  });

  it("ends with its call, as the first attempt does", async () => {
    const { call, clock, ends, result } = startRace();
    await clock.advance(2 * USUAL_MS);
    call.cancel("abort");
    expect(call.attempts.map(({ cancelled }) => cancelled)).toEqual(["abort", "abort"]);
    for (const end of ends) end.resolve(answer(200));
    await result;
  });
});
