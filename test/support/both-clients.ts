import * as official from "@aws-sdk/client-sagemaker-runtime";
import * as holdfast from "../../lib/index.ts";
import type { Operation } from "../../lib/operations/operation.ts";
import { type RecordedRequest, RecordingServer } from "./recording-server.ts";
import { CREDENTIALS, REGION } from "./signing.ts";

/** What a command came to. */
export type Result = { readonly output?: Record<string, unknown>; readonly error?: unknown };

/** What both clients made of one command, and what each sent for it. */
export interface BothResults {
  readonly their: Result;
  readonly our: Result;
  readonly theirRequest: RecordedRequest;
  readonly ourRequest: RecordedRequest;
}

/** The official client and ours before one server, both without retries. */
export class BothClients implements AsyncDisposable {
  readonly server: RecordingServer;
  readonly theirs: official.SageMakerRuntimeClient;
  readonly ours: holdfast.SageMakerRuntimeClient;

  static async start(): Promise<BothClients> {
    return new BothClients(await RecordingServer.start());
  }

  private constructor(server: RecordingServer) {
    this.server = server;
    const config = { ...this.location, maxAttempts: 1 };
    this.theirs = new official.SageMakerRuntimeClient(config);
    this.ours = new holdfast.SageMakerRuntimeClient({
      ...config,
      retry: { warmUp: false },
      circuitBreaker: false,
    });
  }

  /** What a client needs to get to the server. */
  get location() {
    return { region: REGION, credentials: CREDENTIALS, endpoint: this.server.url };
  }

  /** Sends the same command with either client; both have command classes of the same names. */
  async send(operation: Operation["name"], input: object): Promise<BothResults> {
    this.server.requests.length = 0;
    const their = await this.#send(official, operation, input);
    const our = await this.#send(holdfast, operation, input);
    const [theirRequest, ourRequest] = this.server.requests as [RecordedRequest, RecordedRequest];
    return { their, our, theirRequest, ourRequest };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.theirs.destroy();
    this.ours.destroy();
    await this.server[Symbol.asyncDispose]();
  }

  async #send(
    library: typeof official | typeof holdfast,
    operation: Operation["name"],
    input: object,
  ): Promise<Result> {
    const client = library === official ? this.theirs : this.ours;
    const CommandClass = library[`${operation}Command`] as new (input: object) => never;
    try {
      const send = client.send as (command: never) => Promise<object>;
      return { output: { ...(await send.call(client, new CommandClass(input))) } };
    } catch (error) {
      return { error };
    }
  }
}
