import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import base from "../../vitest.config.ts";

const COMPOSITION = "/test/composition/";

/** A unit's own tests first: they find most mutants, and whole clients take longer to load. */
class UnitsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isComposed = ({ moduleId }: TestSpecification) => moduleId.includes(COMPOSITION);
    return [...files.filter((file) => !isComposed(file)), ...files.filter(isComposed)];
  }
}

/** The suites that say what the resilience units do: by themselves, and composed in a client without sockets. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ["test/resilience/**/*.test.ts", "test/composition/**/*.test.ts"],
    // These take seconds each, which for every one of two thousand mutants is too long. They judge what the other
    // suites leave: a mutant that only they would find counts as a survivor.
    exclude: ["**/*.model.test.ts", "**/false-trips.test.ts", "test/composition/*.property.test.ts"],
    sequence: { sequencer: UnitsFirst },
    // Where a mutant leaves a promise open, this is how long it takes to be found.
    testTimeout: 10_000,
  },
});
