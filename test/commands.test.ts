import { describe, expect, it } from "vitest";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
} from "../lib/commands.ts";
import { InvalidInputError } from "../lib/errors/local-errors.ts";

const INPUT = { EndpointName: "ep", Body: "x" };

describe("a command", () => {
  it.each([
    [InvokeEndpointCommand, "InvokeEndpoint"],
    [InvokeEndpointAsyncCommand, "InvokeEndpointAsync"],
    [InvokeEndpointWithResponseStreamCommand, "InvokeEndpointWithResponseStream"],
  ])("knows its operation and its input", (Command, name) => {
    const command = new Command(INPUT);
    expect(command.operation.name).toBe(name);
    expect(command.input).toBe(INPUT);
  });

  it("has a stack of its own only once somebody asked for it", () => {
    const command = new InvokeEndpointCommand(INPUT);
    expect(command.ownStack).toBeUndefined();
    command.middlewareStack.add((next) => (args) => next(args), { step: "build", name: "mine" });
    expect(command.ownStack).toBe(command.middlewareStack);
    expect(command.middlewareStack.identify().join()).toContain("mine");
    expect(new InvokeEndpointCommand(INPUT).ownStack).toBeUndefined();
  });

  it("cannot be made without an input", () => {
    const Untyped = InvokeEndpointCommand as new (input?: unknown) => object;
    expect(() => new Untyped()).toThrow(InvalidInputError);
    expect(() => new Untyped()).toThrow("input must be an object, got undefined");
  });

  it("has nothing but its operation and input to print", () => {
    expect(Object.keys(new InvokeEndpointCommand(INPUT)).sort()).toEqual(["input", "operation"]);
  });
});
