import { describe, expect, it } from "vitest";
import { AbortError, CircuitOpenError } from "../../lib/errors/local-errors.ts";
import { ModelError, ServiceUnavailable, ValidationError } from "../../lib/errors/service-errors.ts";
import { ByteStream } from "../../lib/transport/byte-stream.ts";
import { settle } from "../support/fake-clock.ts";
import { answer, REFUSED, startRace, USUAL_MS } from "../support/hedge-races.ts";
import { MetricsHarness } from "../support/metrics-harness.ts";

/** A race in which both attempts run. */
async function bothRun(options: Parameters<typeof startRace>[0] = {}) {
  const race = startRace(options);
  await race.clock.advance(2 * USUAL_MS);
  const [first, hedge] = race.call.attempts;
  return { ...race, first: first!, hedge: hedge! };
}

/** The same, and what the metrics say of its hedge. */
async function countedRace() {
  const metrics = new MetricsHarness();
  const race = await bothRun({ recorder: metrics.recorder });
  const results = async () => {
    const counted = (await metrics.scrape()).all("sagemaker_client_hedges_total");
    return counted.filter(({ value }) => value > 0).map(({ labels, value }) => [labels.result, value]);
  };
  return { ...race, results };
}

/** A stream that is open, and how often its transport was told that nobody reads on. */
function openStream() {
  let left = 0;
  const stream = new ByteStream({ resume() {}, cancel: () => left++ });
  return { stream, left: () => left };
}

describe("a hedge that answers when the first attempt has", () => {
  it("is left, and counts as lost", async () => {
    const { ends, result, first, hedge, args, results } = await countedRace();
    ends[0]!.resolve(answer(200));
    await settle();
    hedge.finish();
    ends[1]!.resolve(answer(201));
    expect((await result).response.statusCode).toBe(200);
    expect([args.attempt, hedge.cancelled, hedge.error]).toEqual([first, "hedge", undefined]);
    expect(await results()).toEqual([["lost", 1]]);
  });

  it("has its stream closed, which nobody will read", async () => {
    const { ends, result, hedge, results } = await countedRace();
    ends[0]!.resolve(answer(200));
    await settle();
    const { stream, left } = openStream();
    hedge.stream = stream;
    ends[1]!.resolve(answer(201));
    expect((await result).response.statusCode).toBe(200);
    expect(left()).toBe(1);
    expect(await results()).toEqual([["lost", 1]]);
  });
});

describe("a hedge that wins", () => {
  it("cancels nothing that has ended by itself", async () => {
    const { ends, result, first, hedge, args, results } = await countedRace();
    ends[0]!.reject(new ServiceUnavailable(REFUSED));
    await settle();
    ends[1]!.resolve(answer(201));
    expect((await result).response.statusCode).toBe(201);
    expect([args.attempt, first.cancelled, first.outcome]).toEqual([hedge, undefined, "server_error"]);
    expect(await results()).toEqual([["won", 1]]);
  });

  it("ends the stream of the first attempt, though that has ended: nobody will read what is left", async () => {
    const { ends, result, first } = await bothRun();
    const { stream } = openStream();
    stream.push(new Uint8Array(8));
    first.stream = stream;
    first.end(new ServiceUnavailable(REFUSED));
    ends[1]!.resolve(answer(201));
    await settle();
    expect(first.cancelled).toBe("hedge");
    await expect(stream.read()).rejects.toBe("hedge");
    ends[0]!.reject(new AbortError());
    expect((await result).response.statusCode).toBe(201);
  });

  it("stays the winner whatever the first attempt says a moment later", async () => {
    const { ends, result, args, call, hedge } = await bothRun();
    ends[1]!.resolve(answer(201));
    ends[0]!.reject(new ValidationError(REFUSED));
    expect((await result).response.statusCode).toBe(201);
    expect([args.attempt, call.decidedBy, call.running]).toEqual([hedge, hedge, hedge]);
  });
});

describe("a hedge that is not made", () => {
  it("needs no metrics to be given up, where there is nothing to pay it with", async () => {
    const { clock, call, ends, result, sent, state } = startRace();
    while (state.pay(call, 0) === undefined);
    await clock.advance(10 * USUAL_MS);
    expect(sent.length).toBe(1);
    ends[0]!.resolve(answer(200));
    expect((await result).response.statusCode).toBe(200);
  });

  it("is given back where a layer refuses it, and the error of the first attempt counts", async () => {
    const { clock, call, ends, result, first, hedge, state } = await bothRun();
    let paid = 0;
    while (state.pay(call, clock.now()) === undefined) paid++;
    expect(paid).toBeGreaterThan(0);
    const failed = new ModelError({ ...REFUSED, OriginalStatusCode: 500 });
    ends[0]!.reject(failed);
    await settle();
    hedge.isRefused = true;
    ends[1]!.reject(new CircuitOpenError(call.target, "failure", 0));
    await expect(result).rejects.toBe(failed);
    expect(call.decidedBy).toBe(first);
    expect(state.pay(call, clock.now())).toBeUndefined();
  });

  it("decides nothing, although its call was ended while it waited", async () => {
    const { call, ends, result, first, hedge } = await bothRun();
    ends[0]!.reject(new ServiceUnavailable(REFUSED));
    await settle();
    call.cancel("abort");
    hedge.isRefused = true;
    ends[1]!.reject(new AbortError());
    await expect(result).rejects.toThrow(AbortError);
    expect(call.decidedBy).toBe(first);
  });
});

describe("a call that ends", () => {
  it("ends with the error of whichever of the two is first to say so", async () => {
    const { call, ends, result } = await bothRun();
    call.cancel("abort");
    const aborted = new AbortError();
    ends[0]!.reject(aborted);
    ends[1]!.reject(new AbortError());
    await expect(result).rejects.toBe(aborted);
  });
});
