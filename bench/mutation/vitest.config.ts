import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import base from "../../vitest.config.ts";
import { MUTATED } from "./options.ts";

const COMPOSITION = "/test/composition/";

/** How the paths begin of the tests of what is mutated: `test/` mirrors `lib/`. */
const OWN_TESTS = (process.env[MUTATED] ?? "")
  .split(" ")
  .map((unit) => `/${unit.replace(/^lib\//, "test/").replace(/(\*|\.ts$).*/, "")}`);

/**
 * What is mutated has its own tests first, then come those of other units: they find most mutants, and whole clients
 * take longer to load. A mutant of what is evaluated as a file loads is judged by all tests, one after the other.
 */
class OwnTestsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  if (moduleId.includes(COMPOSITION)) return 2;
  return OWN_TESTS.some((path) => moduleId.includes(path)) ? 0 : 1;
}

/** The suites that say what the resilience units do: by themselves, and composed in a client without sockets. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ["test/resilience/**/*.test.ts", "test/composition/**/*.test.ts"],
    // These take seconds each, which for every one of thousands of mutants is too long. They judge what the other suites
    // leave: a mutant that only they would find counts as a survivor.
    exclude: ["**/*.model.test.ts", "**/false-trips.test.ts", "test/composition/*.property.test.ts"],
    sequence: { sequencer: OwnTestsFirst },
    // Where a mutant leaves a promise open, this is how long it takes to be found.
    testTimeout: 10_000,
  },
});
