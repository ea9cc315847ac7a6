import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from "@aws-sdk/client-sagemaker-runtime";
import { Registry } from "prom-client";
import { onTestFinished } from "vitest";
import type { HoldfastError } from "../../lib/index.ts";
import { type PluginOptions, resilience } from "../../lib/plugin/index.ts";
import { FakeClock } from "./fake-clock.ts";
import { failureOf as caughtFrom } from "./loopback-client.ts";
import { metricOf } from "./scripted-client.ts";

type SendOptions = Parameters<SageMakerRuntimeClient["send"]>[1];

/** What a test says of the official client itself. */
interface OfficialConfig extends SageMakerRuntimeClientConfig {
  /** Whether the plug-in is also among the client's extensions. */
  readonly isExtended?: boolean;
}

/**
 * An official client with the plug-in, on real sockets. The clock of the layers stands still unless the test moves it, and
 * a retry follows at once: full jitter times 0.
 */
export class ResilientClient {
  readonly clock = new FakeClock();
  readonly registry = new Registry();
  readonly layers: ReturnType<typeof resilience>;
  readonly client: SageMakerRuntimeClient;

  constructor(
    endpoint: string,
    options: PluginOptions = {},
    { isExtended = true, ...config }: OfficialConfig = {},
  ) {
    const { clock, registry } = this;
    this.layers = resilience({ metrics: { registry }, clock, random: () => 0, ...options });
    this.client = new SageMakerRuntimeClient({
      region: "eu-west-1",
      endpoint,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      extensions: isExtended ? [this.layers] : [],
      ...config,
    });
    this.client.middlewareStack.use(this.layers);
    onTestFinished(() => this.client.destroy());
  }

  invoke(input?: Partial<InvokeEndpointCommandInput>, options?: SendOptions) {
    return this.client.send(
      new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2", ...input }),
      options,
    );
  }

  enqueue() {
    return this.client.send(
      new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://bucket/key" }),
    );
  }

  stream(options?: SendOptions) {
    return this.client.send(
      new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "1,2" }),
      options,
    );
  }

  /** The sum of a metric's values whose labels match. */
  metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    return metricOf(this.registry, name, labels);
  }
}

/** An error of a call, of either package. */
type Failure = Error & Pick<HoldfastError, "$metadata" | "attempts" | "mayHaveExecuted">;

/** The error of a call that must fail; a promise that may be kept, as it does not reject. */
export const failureOf = caughtFrom as unknown as (call: Promise<unknown>) => Promise<Failure>;
