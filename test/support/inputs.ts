import fc from "fast-check";
import type { Operation } from "../../lib/operations/operation.ts";

/** A resource's name. These restate the service's rules, so that one of ours that is too narrow shows. */
const name = fc.stringMatching(/^[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,20}$/);
const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map(String.fromCharCode),
  maxLength: 64,
});
const id = fc.stringMatching(/^[!-~][ -~]{0,63}$/);
const customAttributes = fc.oneof(
  headerText,
  fc.constant(""),
  fc.constant("a\tb"),
  fc.constant("x".repeat(1024)),
);

const memory = fc.uint8Array({ minLength: 1, maxLength: 300 });

/** Everything that a payload may be; never empty memory, over which the clients differ on purpose. */
const body = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom("", "\ud800 alone"),
  memory,
  memory.map((bytes) => Buffer.from(bytes)),
  memory.map((bytes) => bytes.slice().buffer),
  memory.map((bytes) => new DataView(bytes.slice().buffer)),
  memory.map((bytes) => new Uint8Array([1, ...bytes, 2]).subarray(1, -1)),
  fc.float32Array({ minLength: 1, maxLength: 20 }),
);

const common = {
  ContentType: headerText,
  Accept: headerText,
  CustomAttributes: customAttributes,
  InferenceId: id,
};

const routed = {
  ...common,
  TargetVariant: name,
  TargetContainerHostname: name,
  InferenceComponentName: name,
  PrefixAwareId: id,
};

const asyncMembers = {
  ...common,
  S3OutputPathExtension: fc.stringMatching(/^[a-zA-Z0-9!_.*'()/-]{1,60}$/),
  Filename: fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,20}(\.[a-z]{0,4})?$/),
  RequestTTLSeconds: fc.integer({ min: 60, max: 21_600 }),
  InvocationTimeoutSeconds: fc.integer({ min: 1, max: 3_600 }),
};

function record(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>>,
) {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
}

/** Valid inputs of each operation. */
export const INPUTS: Readonly<Record<Operation["name"], fc.Arbitrary<object>>> = {
  InvokeEndpoint: record(
    { EndpointName: name, Body: body },
    {
      ...routed,
      TargetModel: id,
      EnableExplanations: fc.constantFrom("`true`", "features[?x > `0`]"),
      SessionId: fc.oneof(name, fc.constant("NEW_SESSION")),
    },
  ),
  InvokeEndpointAsync: fc.oneof(
    record(
      {
        EndpointName: name,
        InputLocation: fc.stringMatching(/^(https|s3):\/\/[!-.0-~]{1,20}(\/[ -~]{0,40})?$/),
      },
      asyncMembers,
    ),
    record({ EndpointName: name, Body: body.filter((value) => value !== "") }, asyncMembers),
  ),
  InvokeEndpointWithResponseStream: record(
    { EndpointName: name, Body: body },
    { ...routed, SessionId: name },
  ),
};
