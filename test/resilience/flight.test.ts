import { describe, expect, it } from "vitest";
import { Call } from "../../lib/call.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { Flight } from "../../lib/resilience/flight.ts";
import { resolveSendOptions } from "../../lib/send-options.ts";
import { targetOf } from "../../lib/target.ts";
import { FakeClock } from "../support/fake-clock.ts";

const clock = new FakeClock();
const landing = { error: new Error("landed") };

function newCall(deadlineAt = Number.POSITIVE_INFINITY): Call {
  const target = targetOf({ EndpointName: "churn" });
  const call = new Call(invokeEndpoint, target, true, resolveSendOptions(undefined), clock);
  call.deadlineAt = deadlineAt;
  return call;
}

/** A flight that counts how many have left it. */
function takeOff(shared = newCall()) {
  const seen = { left: 0 };
  return { flight: new Flight(shared, () => seen.left++), shared, seen };
}

describe("a flight", () => {
  it("lands for everybody on board", async () => {
    const { flight, seen, shared } = takeOff();
    const boarded = [flight.board(newCall()), flight.board(newCall())];
    flight.land(landing);
    expect(await Promise.all(boarded)).toEqual([landing, landing]);
    expect(seen.left).toBe(0);
    expect(shared.cancelled).toBeUndefined();
  });

  it("lets a passenger leave, and lands for the others", async () => {
    const { flight, seen, shared } = takeOff();
    const [leaver, stayer] = [newCall(), newCall()];
    const boarded = [flight.board(leaver), flight.board(stayer)];
    leaver.cancel("abort");
    expect(await boarded[0]).toBeUndefined();
    expect(seen.left).toBe(1);
    expect(shared.cancelled).toBeUndefined();
    flight.land(landing);
    expect(await boarded[1]).toBe(landing);
  });

  it("is ended by the last who leaves, for the reason that one has", async () => {
    const { flight, seen, shared } = takeOff();
    const [first, last] = [newCall(), newCall()];
    const boarded = [flight.board(first), flight.board(last)];
    first.cancel("abort");
    last.cancel("call");
    expect(await Promise.all(boarded)).toEqual([undefined, undefined]);
    expect(seen.left).toBe(2);
    expect(shared.cancelled).toBe("call");
  });

  it("is not ended by a passenger who has landed", async () => {
    const { flight, seen, shared } = takeOff();
    const call = newCall();
    const boarded = flight.board(call);
    const seat = call.running;
    flight.land(landing);
    seat?.cancel("abort");
    expect(await boarded).toBe(landing);
    expect(call.running).toBeUndefined();
    expect(seen.left).toBe(0);
    expect(shared.cancelled).toBeUndefined();
  });

  it("takes on nobody who has been cancelled", async () => {
    const { flight, seen, shared } = takeOff(newCall(100));
    const call = newCall(900);
    call.cancel("abort");
    expect(await flight.board(call)).toBeUndefined();
    expect(call.running).toBeUndefined();
    expect(shared.deadlineAt).toBe(100);
    expect(seen.left).toBe(0);
  });

  it("may take as long as the passenger who is allowed the longest", () => {
    const { flight, shared } = takeOff(newCall(500));
    void flight.board(newCall(900));
    void flight.board(newCall(700));
    expect(shared.deadlineAt).toBe(900);
  });
});
