import { describe, expect, it } from "vitest";
import { AbortError, TimeoutError } from "../../lib/errors/local-errors.ts";
import { ServiceUnavailable, ValidationError } from "../../lib/errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "../../lib/errors/service-exception.ts";
import { settle } from "../support/fake-clock.ts";
import { answer, REFUSED, startRace, USUAL_MS } from "../support/hedge-races.ts";

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

describe("the first attempt", () => {
  it("is given its time from when it is sent: one that waits in this process is not hedged", async () => {
    const { clock, ends, result, sent } = startRace({ isSent: false });
    await clock.advance(100 * USUAL_MS);
    expect(sent.length).toBe(1);
    sent[0]!.attempt!.sent = true;
    await clock.advance(2 * USUAL_MS);
    expect(sent.length).toBe(2);
    for (const end of ends) end.resolve(answer(200));
    await result;
  });

  it("is not timed while too little is known of its target", async () => {
    const { clock, ends, result } = startRace({ isKnown: false });
    expect(clock.pendingTimers).toBe(0);
    ends[0]!.resolve(answer(200));
    await result;
  });

  it("is not hedged while the rest of its answer is on its way: the model has done its work", async () => {
    const { args, clock, ends, result, sent } = startRace();
    args.attempt!.statusCode = 200;
    await clock.advance(10 * USUAL_MS);
    expect(sent.length).toBe(1);
    ends[0]!.resolve(answer(200));
    await result;
  });

  /** Both attempts of a race run, and the first one has done so for half a second. */
  async function bothSlow() {
    const race = startRace();
    await race.clock.advance(500);
    const slowAfterMs = () => race.state.slowAfterMs(race.clock.now());
    return { ...race, slowAfterMs };
  }

  it.each([
    ["a timeout", () => new TimeoutError("socket", 500)],
    ["its end, when a hedge was faster", () => undefined],
  ])("teaches by %s how slow the target can be", async (_, errorOf) => {
    const { ends, result, slowAfterMs } = await bothSlow();
    const error = errorOf();
    if (error !== undefined) ends[0]!.reject(error);
    ends[1]!.resolve(answer(200));
    await settle();
    ends[0]!.reject(new AbortError());
    await result;
    expect(slowAfterMs()).toBeGreaterThan(3 * USUAL_MS);
  });

  it("teaches nothing by a refusal, which came when it did for other reasons", async () => {
    const { ends, result, slowAfterMs } = await bothSlow();
    ends[0]!.reject(new ServiceUnavailable(REFUSED));
    ends[1]!.resolve(answer(200));
    await result;
    expect(slowAfterMs()).toBeLessThan(2 * USUAL_MS);
  });

  it("ends the hedge with an error that any attempt would get, and only with such a one", async () => {
    const wrong = await bothSlow();
    wrong.ends[0]!.reject(new ValidationError(REFUSED));
    await settle();
    expect(wrong.call.attempts[1]!.cancelled).toBe("hedge");
    wrong.ends[1]!.reject(new AbortError());
    await expect(wrong.result).rejects.toThrow(ValidationError);

    const throttled = await bothSlow();
    throttled.ends[0]!.reject(
      new SageMakerRuntimeServiceException({ ...REFUSED, name: "ThrottlingException", $fault: "client" }),
    );
    await settle();
    expect(throttled.call.attempts[1]!.cancelled).toBeUndefined();
    throttled.ends[1]!.resolve(answer(200));
    expect((await throttled.result).response.statusCode).toBe(200);
  });
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
