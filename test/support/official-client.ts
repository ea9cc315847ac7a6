import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import type { HttpRequest } from "@smithy/types";
import type { Operation } from "../../lib/operations/operation.ts";
import { CREDENTIALS, REGION } from "./signing.ts";

/** A response as the official client's request handler returns it. */
export interface ScriptedResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** What the official client did with one command. */
export interface OfficialCall {
  /** The signed request. */
  readonly request: HttpRequest;
  readonly output: Record<string, unknown>;
  /** What `send` rejected with; `undefined` where it did not. */
  readonly error: unknown;
}

/** What the handler answers next, and what it was sent: calls are made one after the other. */
const script: { response: ScriptedResponse | undefined; request: HttpRequest | undefined } = {
  response: undefined,
  request: undefined,
};

const client = new SageMakerRuntimeClient({
  region: REGION,
  credentials: CREDENTIALS,
  maxAttempts: 1,
  requestHandler: { handle, updateHttpClientConfig() {}, httpHandlerConfigs: () => ({}) },
});

async function handle(request: HttpRequest) {
  if (script.response === undefined) throw new Error("no response is scripted");
  script.request = request;
  // The official client renames headers in place.
  const { statusCode, headers, body } = script.response;
  return { response: { statusCode, headers: { ...headers }, body } };
}

/** Inputs are not checked: what the official client does with a wrong one is of interest too. */
const SEND: Readonly<Record<Operation["name"], (input: never) => Promise<object>>> = {
  InvokeEndpoint: (input) => client.send(new InvokeEndpointCommand(input)),
  InvokeEndpointAsync: (input) => client.send(new InvokeEndpointAsyncCommand(input)),
  InvokeEndpointWithResponseStream: (input) =>
    client.send(new InvokeEndpointWithResponseStreamCommand(input)),
};

/** Sends one command with the official client, in this process, and answers it with `response`. */
export async function callOfficialClient(
  operation: Operation["name"],
  input: object,
  response: ScriptedResponse,
): Promise<OfficialCall> {
  script.response = response;
  script.request = undefined;
  const { output, error } = await send(operation, input);
  if (script.request === undefined) throw new Error("the official client sent nothing", { cause: error });
  return { request: script.request, output, error };
}

async function send(
  operation: Operation["name"],
  input: object,
): Promise<Pick<OfficialCall, "output" | "error">> {
  try {
    return { output: { ...(await SEND[operation](input as never)) }, error: undefined };
  } catch (error) {
    return { output: {}, error };
  }
}
