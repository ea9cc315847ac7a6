import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { checkOptionNames, HONOURED_OPTIONS } from "../../lib/config/option-names.ts";
import { REFUSED_OPTIONS } from "../../lib/config/refused-options.ts";

/** Every option in the official client's type, those for internal use included. */
function officialOptions(): string[] {
  const file = fileURLToPath(import.meta.resolve("@aws-sdk/client-sagemaker-runtime")).replace(
    /dist-\w+\/index\.js$/,
    "dist-types/SageMakerRuntimeClient.d.ts",
  );
  const program = ts.createProgram([file], {
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const config =
    module && checker.getExportsOfModule(module).find((one) => one.name === "SageMakerRuntimeClientConfig");
  if (config === undefined) throw new Error(`no SageMakerRuntimeClientConfig in ${file}`);
  return checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(config))
    .map((property) => property.name);
}

describe("the options of the official client", () => {
  const official = officialOptions();

  it("are all honoured or refused by name", () => {
    expect(official.length).toBeGreaterThan(40);
    const missing = official.filter((name) => !HONOURED_OPTIONS.includes(name) && !(name in REFUSED_OPTIONS));
    expect(missing).toEqual([]);
  });

  it("are refused only where they exist and are not honoured", () => {
    for (const name of Object.keys(REFUSED_OPTIONS)) {
      expect(official).toContain(name);
      expect(HONOURED_OPTIONS).not.toContain(name);
    }
  });

  it("are refused with what to use instead", () => {
    for (const [name, instead] of Object.entries(REFUSED_OPTIONS)) {
      expect(() => checkOptionNames({ [name]: false })).toThrow(
        new TypeError(`${name} is not honoured by this client: ${instead}`),
      );
    }
  });

  it("are not missed where they are undefined", () => {
    for (const name of official) expect(() => checkOptionNames({ [name]: undefined })).not.toThrow();
  });

  it("are values and not provider functions, credentials apart", () => {
    for (const name of official.filter(
      (option) => HONOURED_OPTIONS.includes(option) && option !== "credentials",
    )) {
      expect(() => checkOptionNames({ [name]: async () => "x" })).toThrow(
        new TypeError(`${name} must be a value, got a function: call it and await what it provides first`),
      );
    }
    expect(() => checkOptionNames({ credentials: async () => ({}) })).not.toThrow();
  });
});

describe("an unknown option", () => {
  it.each(["maxAttempt", "callTimeoutMS", "constructor", "toString", "Region"])(
    "is refused, with the known ones: %s",
    (name) => {
      expect(() => checkOptionNames({ [name]: 1 })).toThrow(
        new TypeError(`${name} is not an option; known here: ${HONOURED_OPTIONS.join(", ")}`),
      );
    },
  );

  it("is left out where it is undefined, as any other", () => {
    expect(() => checkOptionNames({ maxAttempt: undefined })).not.toThrow();
  });
});

it.each([null, 5, "eu-west-1", () => ({})])("a configuration is an object, not %s", (input) => {
  expect(() => checkOptionNames(input as unknown as object)).toThrow(
    /^The configuration must be an object, got /,
  );
});
