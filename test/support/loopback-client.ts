import { Registry } from "prom-client";
import { onTestFinished } from "vitest";
import { SageMakerRuntimeClient } from "../../lib/client.ts";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
} from "../../lib/commands.ts";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import type { InvokeEndpointCommandInput } from "../../lib/operations/invoke-endpoint.ts";
import type { InvokeEndpointWithResponseStreamCommandInput } from "../../lib/operations/invoke-endpoint-with-response-stream.ts";
import type { SendOptions } from "../../lib/send-options.ts";
import { FakeClock } from "./fake-clock.ts";
import { FaultyServer, type Script } from "./faulty-server.ts";
import { metricOf } from "./scripted-client.ts";

/** A client on real sockets. Its clock stands still unless the test moves it. */
export class LoopbackClient {
  readonly client: SageMakerRuntimeClient;
  readonly clock = new FakeClock();
  readonly registry = new Registry();

  constructor(endpoint: string, config: SageMakerRuntimeClientConfig = {}) {
    this.client = new SageMakerRuntimeClient({
      region: "eu-west-1",
      endpoint,
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
      metrics: { registry: this.registry },
      clock: this.clock,
      // Full jitter times 0: a retry follows at once.
      random: () => 0,
      ...config,
    });
    onTestFinished(() => this.client.destroy());
  }

  invoke(options?: SendOptions, input?: Partial<InvokeEndpointCommandInput>) {
    return this.client.send(
      new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2", ...input }),
      options,
    );
  }

  enqueue(options?: SendOptions) {
    return this.client.send(
      new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://bucket/key" }),
      options,
    );
  }

  stream(options?: SendOptions, input?: Partial<InvokeEndpointWithResponseStreamCommandInput>) {
    return this.client.send(
      new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "1,2", ...input }),
      options,
    );
  }

  /** The sum of a metric's values whose labels match. */
  metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    return metricOf(this.registry, name, labels);
  }
}

/** A scripted server, and a client that talks to it. */
export async function loopback(
  script: Script,
  config: SageMakerRuntimeClientConfig = {},
): Promise<{ readonly server: FaultyServer; readonly caller: LoopbackClient }> {
  const server = await FaultyServer.start(script);
  return { server, caller: new LoopbackClient(server.url, config) };
}

/** What a call ended with. */
export type CallError = Error & Readonly<Record<string, unknown>>;

/** The error of a call that must fail; a promise that may be kept, as it does not reject. */
export async function failureOf(call: Promise<unknown>): Promise<CallError> {
  try {
    await call;
  } catch (error) {
    return error as CallError;
  }
  throw new Error("the call was expected to fail");
}

/** Whether the promise is settled within one turn of the event loop. */
export async function settlesInOneTurn(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const note = () => {
    isSettled = true;
  };
  promise.then(note, note);
  await new Promise((resolve) => setImmediate(resolve));
  return isSettled;
}
