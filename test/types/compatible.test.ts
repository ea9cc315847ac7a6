import type * as official from "@aws-sdk/client-sagemaker-runtime";
import { describe, expectTypeOf, it } from "vitest";
import type { Command, InvokeEndpointCommand } from "../../lib/commands.ts";
import type * as whole from "../../lib/operations/invoke-endpoint.ts";
import type * as queued from "../../lib/operations/invoke-endpoint-async.ts";
import type * as stream from "../../lib/operations/invoke-endpoint-with-response-stream.ts";

/** `true` where each type can stand for the other. */
type Interchangeable<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** What `send` takes for the input and output of an official command. */
type Sent = Command<official.InvokeEndpointCommandInput, whole.InvokeEndpointCommandOutput>;

// Checked by the compiler; there is nothing to run.
describe("the types of inputs and outputs", () => {
  it("are interchangeable with the official client's, where the caller makes the value", () => {
    expectTypeOf<
      Interchangeable<whole.InvokeEndpointCommandInput, official.InvokeEndpointCommandInput>
    >().toEqualTypeOf<true>();
    expectTypeOf<
      Interchangeable<queued.InvokeEndpointAsyncCommandInput, official.InvokeEndpointAsyncCommandInput>
    >().toEqualTypeOf<true>();
    expectTypeOf<
      Interchangeable<
        stream.InvokeEndpointWithResponseStreamCommandInput,
        official.InvokeEndpointWithResponseStreamCommandInput
      >
    >().toEqualTypeOf<true>();
  });

  it("can stand for the official client's, where this client makes the value", () => {
    expectTypeOf<whole.InvokeEndpointCommandOutput>().toExtend<official.InvokeEndpointCommandOutput>();
    expectTypeOf<queued.InvokeEndpointAsyncCommandOutput>().toExtend<official.InvokeEndpointAsyncCommandOutput>();
    expectTypeOf<stream.InvokeEndpointWithResponseStreamCommandOutput>().toExtend<official.InvokeEndpointWithResponseStreamCommandOutput>();
  });

  it("have the official client's members, and no others", () => {
    expectTypeOf<keyof whole.InvokeEndpointInput>().toEqualTypeOf<keyof official.InvokeEndpointInput>();
    expectTypeOf<keyof whole.InvokeEndpointOutput>().toEqualTypeOf<keyof official.InvokeEndpointOutput>();
    expectTypeOf<keyof queued.InvokeEndpointAsyncInput>().toEqualTypeOf<
      keyof official.InvokeEndpointAsyncInput
    >();
    expectTypeOf<keyof queued.InvokeEndpointAsyncOutput>().toEqualTypeOf<
      keyof official.InvokeEndpointAsyncOutput
    >();
    expectTypeOf<keyof stream.InvokeEndpointWithResponseStreamInput>().toEqualTypeOf<
      keyof official.InvokeEndpointWithResponseStreamInput
    >();
    expectTypeOf<keyof stream.InvokeEndpointWithResponseStreamOutput>().toEqualTypeOf<
      keyof official.InvokeEndpointWithResponseStreamOutput
    >();
  });
});

describe("the type of what is sent", () => {
  it("is a command of this package, and not the official client's, which would not get out", () => {
    expectTypeOf<InvokeEndpointCommand["schema"]>().toExtend<Sent["schema"]>();
    expectTypeOf<InvokeEndpointCommand["resolveMiddleware"]>().toExtend<Sent["resolveMiddleware"]>();
    expectTypeOf<official.InvokeEndpointCommand["schema"]>().not.toExtend<Sent["schema"]>();
  });
});
