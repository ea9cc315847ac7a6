import { expect, it } from "vitest";
import { GOALS, OWN_POLICY } from "../../bench/simulate/goals.ts";
import { scenarioCatalogue } from "../../bench/simulate/scenarios/catalogue.ts";

it("every goal is about a scenario of a quick run and a policy in it: one that is about none is never missed", () => {
  const scenarios = scenarioCatalogue(true);
  const silent = GOALS.filter(({ scenario, policy, per }) => {
    const judged = [policy ?? OWN_POLICY, per ?? OWN_POLICY];
    return !scenarios.some(
      ({ name, policies }) =>
        scenario.test(name) && judged.every((needed) => policies.some((one) => one.name === needed)),
    );
  });
  expect(silent.map(({ title, scenario }) => `${title}: ${scenario}`)).toEqual([]);
});
