import { describe, expect, it } from "vitest";
import { SageMakerRuntimeClient } from "../../lib/client.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const made = (options: object) => () =>
  new SageMakerRuntimeClient({ region: "eu-west-1", credentials, ...options });

/** With the client's own connections, of which the limit is a part. */
describe("a client with a value that is no number where one belongs", () => {
  it.each([
    [{ maxAttempts: 5n }, "maxAttempts must be a whole number of at least 1, got 5n"],
    [
      { concurrencyLimit: { initial: 5n } },
      "concurrencyLimit.initial must be a whole number of at least 4, got 5n",
    ],
    [
      { concurrencyLimit: { min: Symbol("5") } },
      "concurrencyLimit.min must be a whole number of at least 4, got Symbol(5)",
    ],
    [
      { concurrencyLimit: { max: Object.create(null) } },
      "concurrencyLimit.max must be a whole number of at least 4",
    ],
    [
      { retry: { budget: { minPerSecond: 5n } } },
      "retry.budget.minPerSecond must be a number of at least 0, got 5n",
    ],
  ])("names the option: %o", (options, message) => {
    expect(made(options)).toThrow(RangeError);
    expect(made(options)).toThrow(message);
  });
});
