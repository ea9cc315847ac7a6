import { NoSuchKey, S3ServiceException } from "@aws-sdk/client-s3";
import * as officialClient from "@aws-sdk/client-sagemaker-runtime";
import { ServiceException } from "@smithy/core/client";
import { describe, expect, it, vi } from "vitest";
import { InvalidInputError } from "../../lib/errors/local-errors.ts";
import * as serviceErrors from "../../lib/errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "../../lib/errors/service-exception.ts";

type Classes = typeof serviceErrors;
type Name = keyof Classes;

const modelled: Classes = { ...serviceErrors };
const official = { ...officialClient };
const NAMES = Object.keys(modelled) as Name[];
const OPTIONS = { message: "m", $metadata: { requestId: "request" } };
const UNMODELLED = { ...OPTIONS, name: "OddException", $fault: "client" } as const;

/** What callers see of an error: fields, JSON, and what is printed for it. */
function seen(error: Error) {
  const { name, message } = error;
  return { name, message, text: String(error), json: JSON.parse(JSON.stringify(error)) };
}

function make(library: Record<Name, unknown>, name: Name, options: object = OPTIONS): Error {
  return new (library[name] as new (options: object) => Error)(options);
}

describe("an exception of the service that a program makes itself", () => {
  it.each(NAMES)("is as the official client's: %s", (name) => {
    const members = {
      Message: "M",
      OriginalStatusCode: 503,
      OriginalMessage: "om",
      LogStreamArn: "arn",
      ErrorCode: "StreamBroken",
    };
    for (const options of [OPTIONS, { ...OPTIONS, ...members }, { $metadata: {} }]) {
      expect(seen(make(modelled, name, options))).toEqual(seen(make(official, name, options)));
    }
  });

  it("is as the official client's where the API model does not have it", () => {
    const ours = new SageMakerRuntimeServiceException(UNMODELLED);
    expect(seen(ours)).toEqual(seen(new official.SageMakerRuntimeServiceException(UNMODELLED)));
  });

  it("keeps its own name and fault, whatever else it is given", () => {
    const other = { ...OPTIONS, name: "Other", $fault: "server" };
    expect(make(modelled, "ModelError", other)).toMatchObject({ name: "ModelError", $fault: "client" });
  });
});

describe.each(NAMES)("instanceof %s", (name) => {
  const others = NAMES.filter((other) => other !== name);

  it("is true for the official client's class of that name, and for no other of its", () => {
    expect(make(official, name)).toBeInstanceOf(modelled[name]);
    expect(make(official, name)).toBeInstanceOf(SageMakerRuntimeServiceException);
    for (const other of others) expect(make(official, other)).not.toBeInstanceOf(modelled[name]);
  });

  it("is true the other way round", () => {
    expect(make(modelled, name)).toBeInstanceOf(official[name]);
    expect(make(modelled, name)).toBeInstanceOf(official.SageMakerRuntimeServiceException);
    for (const other of others) expect(make(modelled, other)).not.toBeInstanceOf(official[name]);
  });

  it("is true across copies of this package", async () => {
    vi.resetModules();
    const copy: Classes = { ...(await import("../../lib/errors/service-errors.ts")) };
    expect(copy[name]).not.toBe(modelled[name]);
    expect(make(copy, name)).toBeInstanceOf(modelled[name]);
    expect(make(copy, name)).toBeInstanceOf(SageMakerRuntimeServiceException);
    for (const other of others) expect(make(copy, other)).not.toBeInstanceOf(modelled[name]);
  });
});

describe("instanceof SageMakerRuntimeServiceException", () => {
  it("is true for codes that the API model does not have", () => {
    expect(new official.SageMakerRuntimeServiceException(UNMODELLED)).toBeInstanceOf(
      SageMakerRuntimeServiceException,
    );
    expect(new SageMakerRuntimeServiceException(UNMODELLED)).toBeInstanceOf(
      official.SageMakerRuntimeServiceException,
    );
  });

  it("is true for the classes of an official client that has no ids for them", () => {
    const earlier = withoutIds();
    expect(new earlier.ModelError("m")).toBeInstanceOf(SageMakerRuntimeServiceException);
    expect(new earlier.ModelError("m")).toBeInstanceOf(modelled.ModelError);
    expect(new earlier.ModelError("m")).not.toBeInstanceOf(modelled.ValidationError);
  });

  it.each([
    ["an exception of S3", new NoSuchKey(OPTIONS)],
    ["one that S3's API model does not have", new S3ServiceException(UNMODELLED)],
    ["one of S3 that has the name of one of ours", named(new S3ServiceException(UNMODELLED))],
    ["one of no service", new ServiceException(UNMODELLED)],
    ["an error with the fields of one", Object.assign(new Error("m"), UNMODELLED, { name: "ModelError" })],
    ["an object with the fields of one", { ...UNMODELLED, name: "ModelError" }],
    ["an object without a prototype", Object.create(null)],
    ["a string", "ModelError"],
    ["nothing", null],
  ])("is false for %s", (_, value) => {
    expect(value instanceof SageMakerRuntimeServiceException).toBe(false);
    for (const name of NAMES) expect(value instanceof modelled[name]).toBe(false);
  });

  it("holds for a program's own subclass of one, and its instances alone are of that", () => {
    class Mine extends modelled.ModelError {}
    expect(new Mine(OPTIONS)).toBeInstanceOf(modelled.ModelError);
    expect(new Mine(OPTIONS)).toBeInstanceOf(official.ModelError);
    expect(new modelled.ModelError(OPTIONS)).not.toBeInstanceOf(Mine);
    expect(make(official, "ModelError")).not.toBeInstanceOf(Mine);
    expect(make(official, "ValidationError")).not.toBeInstanceOf(InvalidInputError);
  });
});

function named(error: Error): Error {
  return Object.defineProperty(error, "name", { value: "ModelError" });
}

/** The shape of the official client's classes before they had a `shapeId`. */
function withoutIds() {
  class SageMakerRuntimeServiceException extends Error {
    readonly $fault = "client";
    readonly $metadata = {};
  }
  class ModelError extends SageMakerRuntimeServiceException {
    override readonly name = "ModelError";
  }
  return { ModelError };
}
