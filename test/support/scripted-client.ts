import { Registry } from "prom-client";
import { SageMakerRuntimeClient } from "../../lib/client.ts";
import { InvokeEndpointCommand } from "../../lib/commands.ts";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import type { InvokeEndpointCommandInput } from "../../lib/operations/invoke-endpoint.ts";
import type { SendOptions } from "../../lib/send-options.ts";
import { FakeClock } from "./fake-clock.ts";
import { checkSeries } from "./known-series.ts";
import { type ScriptedAnswer, ScriptedDispatcher } from "./scripted-dispatcher.ts";

/** How a call ended, and everything that a test looks at. */
export interface Settled {
  readonly ok: boolean;
  readonly output: Awaited<ReturnType<typeof invoke>> | undefined;
  readonly error: (Error & Record<string, unknown>) | undefined;
}

/** A whole client on a fake clock and a scripted network. */
export interface ScriptedClient {
  readonly client: SageMakerRuntimeClient;
  readonly clock: FakeClock;
  readonly network: ScriptedDispatcher;
  readonly registry: Registry;
  /** Starts a call and gives it back as a promise that never rejects. */
  call(input?: Partial<InvokeEndpointCommandInput>, options?: SendOptions): Promise<Settled>;
  /** The sum of a metric over the series that have these labels, such as `retries_total` of one variant. */
  metric(name: string, labels: Readonly<Record<string, string>>): Promise<number>;
}

export function scriptedClient(
  script: readonly ScriptedAnswer[],
  config: SageMakerRuntimeClientConfig = {},
): ScriptedClient {
  const clock = new FakeClock();
  const network = new ScriptedDispatcher(script, clock);
  const registry = new Registry();
  const client = new SageMakerRuntimeClient({
    region: "eu-west-1",
    endpoint: "http://127.0.0.1:1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    dispatcher: network,
    metrics: { registry },
    clock,
    random: () => 0.5,
    ...config,
  });
  return {
    client,
    clock,
    network,
    registry,
    call: (input, options) => settled(invoke(client, input, options)),
    metric: (name, labels) => metricOf(registry, name, labels),
  };
}

function invoke(
  client: SageMakerRuntimeClient,
  input?: Partial<InvokeEndpointCommandInput>,
  options?: SendOptions,
) {
  return client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2", ...input }), options);
}

async function settled(promise: ReturnType<typeof invoke>): Promise<Settled> {
  try {
    return { ok: true, output: await promise, error: undefined };
  } catch (error) {
    return { ok: false, output: undefined, error: error as Settled["error"] };
  }
}

interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly metricName?: string;
}

/** The sum of a metric over the series that have these labels. */
export async function metricOf(
  registry: Registry,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<number> {
  checkSeries(name, labels);
  let sum = 0;
  for (const metric of await registry.getMetricsAsJSON()) {
    for (const sample of metric.values as Sample[]) {
      if ((sample.metricName ?? metric.name) !== `sagemaker_client_${name}`) continue;
      if (Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted))
        sum += sample.value;
    }
  }
  return sum;
}
