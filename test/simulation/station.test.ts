import { describe, expect, it } from "vitest";
import { exponential } from "../../bench/simulate/engine/distributions.ts";
import { VirtualTime } from "../../bench/simulate/engine/virtual-time.ts";
import { Station } from "../../bench/simulate/fleet/station.ts";
import { seededRandom } from "../../lib/local/seeded-random.ts";

/** Erlang's formula: the share of arrivals that have to wait for one of `workers`, at `offered` workers' worth of work. */
function erlangC(workers: number, offered: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < workers; n++) {
    term *= offered / n;
    sum += term;
  }
  const all = (term * offered) / workers / (1 - offered / workers);
  return all / (sum + all);
}

/** Mean wait of `jobs` random arrivals, in milliseconds. */
async function simulatedWaitMs(workers: number, load: number, jobs: number): Promise<number> {
  const time = new VirtualTime();
  const station = new Station(time, workers);
  const random = seededRandom(7);
  const service = exponential(500);
  const gap = exponential(500 / (workers * load));
  let at = 0;
  let waited = 0;
  for (let job = 0; job < jobs; job++) {
    at += gap(random);
    const arrivedAt = at;
    const serviceMs = service(random);
    time.at(arrivedAt, () =>
      station.submit({
        serviceMs,
        onEnd: () => {
          waited += time.now() - arrivedAt - serviceMs;
        },
      }),
    );
  }
  await time.run(at + 60_000);
  return waited / jobs;
}

describe("a station", () => {
  it.each([
    [1, 0.6],
    [4, 0.8],
    [40, 0.9],
  ])("with %i workers at a load of %d makes arrivals wait as queueing theory says", async (workers, load) => {
    const expectedMs = (erlangC(workers, workers * load) * 500) / (workers * (1 - load));
    const waitMs = await simulatedWaitMs(workers, load, 40_000);
    expect(waitMs / expectedMs).toBeGreaterThan(0.85);
    expect(waitMs / expectedMs).toBeLessThan(1.15);
  });

  it("finishes what was begun when workers are taken away, and begins nothing beyond the rest", async () => {
    const time = new VirtualTime();
    const station = new Station(time, 4);
    const ends: number[] = [];
    for (let job = 0; job < 6; job++) station.submit({ serviceMs: 100, onEnd: () => ends.push(time.now()) });
    time.at(50, () => station.setWorkers(1));
    await time.run(1_000);
    expect(ends).toEqual([100, 100, 100, 100, 200, 300]);
  });

  it("loses everything that it has in a crash, once, and works again after a restart", async () => {
    const time = new VirtualTime();
    const station = new Station(time, 1);
    const ends: [string, boolean, number][] = [];
    const submit = (name: string) =>
      station.submit({ serviceMs: 100, onEnd: (isDone) => ends.push([name, isDone, time.now()]) });
    submit("served");
    submit("waiting");
    time.at(50, () => station.crash());
    time.at(60, () => {
      station.restart();
      submit("later");
    });
    await time.run(1_000);
    expect(ends).toEqual([
      ["served", false, 50],
      ["waiting", false, 50],
      ["later", true, 160],
    ]);
  });
});
