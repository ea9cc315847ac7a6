import { InvalidInputError } from "../../errors/local-errors.ts";
import { type InvokeEndpointCommandInput, invokeEndpoint } from "../../operations/invoke-endpoint.ts";
import { UsageError } from "../usage-error.ts";
import type { NamedClient } from "./clients.ts";
import type { LoadFlags } from "./flags.ts";

/** The flags behind the members of the input. */
const FLAG_OF: Readonly<Record<string, string>> = {
  EndpointName: "--endpoint-name",
  ContentType: "--content-type",
  Accept: "--accept",
  TargetVariant: "--variant",
  TargetModel: "--target-model",
  InferenceComponentName: "--inference-component",
};

/**
 * The call that is made again and again.
 *
 * @throws {UsageError} for what the service or a client would refuse at each of them
 */
export function makeInput(
  flags: LoadFlags,
  body: Uint8Array,
  clients: readonly NamedClient[],
): InvokeEndpointCommandInput {
  const input: InvokeEndpointCommandInput = {
    EndpointName: flags.endpointName,
    Body: body,
    ContentType: flags.contentType,
    Accept: flags.accept,
    TargetVariant: flags.variant,
    TargetModel: flags.targetModel,
    InferenceComponentName: flags.inferenceComponent,
  };
  try {
    invokeEndpoint.validate(input);
  } catch (error) {
    throw flagError(error);
  }
  const maxBodyBytes = Math.min(...clients.map(({ client }) => client.config.maxBodyBytes));
  if (body.byteLength <= maxBodyBytes) return input;
  throw new UsageError(`the payload must be at most ${maxBodyBytes} bytes, got ${body.byteLength} bytes`);
}

/** The error in the words of the command line: its message begins with the member. */
function flagError(error: unknown): unknown {
  if (!(error instanceof InvalidInputError)) return error;
  const flag = FLAG_OF[error.member] ?? error.member;
  return new UsageError(error.message.replace(error.member, flag));
}
