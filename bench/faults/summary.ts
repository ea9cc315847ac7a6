import { measuredFigure } from "../figures.ts";
import type { Curve, Figure } from "../result.ts";
import { median } from "../statistics.ts";
import type { FaultsRun } from "./run.ts";
import { lengthMs, type Scenario, titleOf } from "./scenario.ts";

const BIN_MS = 500;
const MS_PER_SECOND = 1_000;
/** As well as before: as few calls are lost as a queue at 70 % load loses by chance. */
const RECOVERED_SHARE = 0.95;

type Answered = readonly boolean[];

/** What a client's rounds of one scenario came to. Every call counts when it was due, so that it has one phase. */
export function summarize(
  client: string,
  scenario: Scenario,
  rounds: readonly FaultsRun[],
): { readonly figures: Figure[]; readonly curve: Curve } {
  const { beforeMs, faultMs } = scenario;
  const wellAt = beforeMs + faultMs;
  const work = titleOf(scenario);
  const valuesOf = (read: (answered: Answered) => number) => rounds.map(({ answered }) => read(answered));
  const percent = (fromMs: number, toMs: number) =>
    valuesOf((answered) => 100 * shareAnswered(scenario, answered, fromMs, toMs));
  const attempts = rounds.map(({ requests, answered }) => requests / answered.length);
  return {
    figures: [
      ...measuredFigure(client, work, "servedIll", percent(beforeMs, wellAt)),
      ...measuredFigure(client, work, "servedAfter", percent(wellAt, lengthMs(scenario))),
      ...measuredFigure(
        client,
        work,
        "recovery",
        valuesOf((answered) => recoverySeconds(scenario, answered)),
      ),
      ...measuredFigure(client, work, "attempts", attempts),
    ],
    curve: { client, work, kind: "overTime", metric: "goodput", points: goodputOverTime(scenario, rounds) },
  };
}

/** Share of the calls due from `fromMs` until `toMs` that were answered in time. */
export function shareAnswered(
  { ratePerSecond }: Scenario,
  answered: Answered,
  fromMs: number,
  toMs: number,
): number {
  const indexAt = (ms: number) => Math.ceil((ms * ratePerSecond) / MS_PER_SECOND);
  const due = answered.slice(indexAt(fromMs), indexAt(toMs));
  return due.filter(Boolean).length / due.length;
}

/** From when the endpoint was well again until the calls were for good; all of the time where they never were. */
export function recoverySeconds(scenario: Scenario, answered: Answered): number {
  const wellAt = scenario.beforeMs + scenario.faultMs;
  let recoveredAt = lengthMs(scenario);
  for (let binAt = recoveredAt - BIN_MS; binAt >= wellAt; binAt -= BIN_MS) {
    if (shareAnswered(scenario, answered, binAt, binAt + BIN_MS) < RECOVERED_SHARE) break;
    recoveredAt = binAt;
  }
  return (recoveredAt - wellAt) / MS_PER_SECOND;
}

/** Per half second the median of the rounds: calls per second that were due then and were answered in time. */
function goodputOverTime(scenario: Scenario, rounds: readonly FaultsRun[]): [number, number][] {
  const bins = Math.floor(lengthMs(scenario) / BIN_MS);
  return Array.from({ length: bins }, (_, bin) => {
    const [from, to] = [bin * BIN_MS, (bin + 1) * BIN_MS];
    const shares = rounds.map(({ answered }) => shareAnswered(scenario, answered, from, to));
    return [(from + to) / 2 / MS_PER_SECOND, median(shares) * scenario.ratePerSecond];
  });
}
