import { Dispatcher } from "undici";
import type { Clock } from "../../lib/clock.ts";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { FakeClock } from "./fake-clock.ts";
import { type ScriptedClient, scriptedClient } from "./scripted-client.ts";
import { type ScriptedAnswer, ScriptedDispatcher } from "./scripted-dispatcher.ts";

const VARIANT = "x-amzn-sagemaker-target-variant";
const COMPONENT = "x-amzn-sagemaker-inference-component";

/** A script for each place that a request may name: a variant, a component, or else its endpoint. */
export type Routes = Readonly<Record<string, readonly ScriptedAnswer[]>>;

/** Answers each request by the script of the place that it names. */
export class RoutedDispatcher extends Dispatcher {
  readonly #places = new Map<string, ScriptedDispatcher>();

  constructor(routes: Routes, clock: Clock) {
    super();
    for (const [place, script] of Object.entries(routes)) {
      this.#places.set(place, new ScriptedDispatcher(script, clock));
    }
  }

  /** What is at a place: its requests, and its script. */
  at(place: string): ScriptedDispatcher {
    const network = this.#places.get(place);
    if (network === undefined) throw new Error(`no script for ${place}`);
    return network;
  }

  /** Requests to each place, by their number. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#places].map(([place, { requests }]) => [place, requests.length] as const),
    );
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const headers = options.headers as Record<string, string>;
    const endpoint = options.path.split("/")[2] ?? "";
    return this.at(headers[VARIANT] ?? headers[COMPONENT] ?? endpoint).dispatch(options, handler);
  }
}

export interface RoutedClient extends Omit<ScriptedClient, "network"> {
  readonly network: RoutedDispatcher;
}

/** A whole client on a fake clock, and a network with a script for each place. */
export function routedClient(routes: Routes, config: SageMakerRuntimeClientConfig = {}): RoutedClient {
  const clock = new FakeClock();
  const network = new RoutedDispatcher(routes, clock);
  return { ...scriptedClient([], { dispatcher: network, clock, ...config }), clock, network };
}
