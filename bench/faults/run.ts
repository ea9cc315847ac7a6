import type { FaultsInput, FaultsMessage, FaultsSample } from "../child/faults.ts";
import { Child } from "../child-process.ts";
import { compiledUrl, type Peer } from "../client-catalogue.ts";
import { BenchError } from "../errors.ts";
import { placeholderTarget, targetAt } from "../lab.ts";
import type { FaultyEndpointOptions } from "./endpoint.ts";
import type { EndpointMessage } from "./endpoint-main.ts";
import { lengthMs, type Scenario } from "./scenario.ts";

export interface FaultsRun extends FaultsSample {
  /** Requests that reached the endpoint for these calls. */
  readonly requests: number;
}

/** Starting, warming up and giving up at the end, on a busy machine. */
const PATIENCE_MS = 60_000;

/**
 * One client against one scenario: the endpoint in a process of its own, the client in another, both of them told to
 * begin at the same moment.
 *
 * @throws {BenchError} where a process fails or hangs
 */
export async function runScenario(
  build: URL,
  peer: Peer,
  scenario: Scenario,
  seed: number,
): Promise<FaultsRun> {
  const timeoutMs = PATIENCE_MS + lengthMs(scenario) + scenario.patienceMs;
  const { credentials } = placeholderTarget();
  const options: FaultyEndpointOptions = { scenario, credentials, seed };
  const endpoint = new Child<EndpointMessage>("the endpoint", new URL("faults/endpoint-main.js", build), {
    input: options,
    timeoutMs,
  });
  try {
    const listening = await endpoint.next();
    if (!("port" in listening)) throw new BenchError("the endpoint sent no port");
    const target = targetAt(false, listening.port);
    const input: FaultsInput = { clientUrl: compiledUrl(peer, build), target, scenario };
    const client = new Child<FaultsMessage>(peer.name, new URL("child/faults.js", build), {
      input,
      timeoutMs,
    });
    try {
      return await measure(peer.name, endpoint, client);
    } finally {
      await client.end();
    }
  } finally {
    await endpoint.end();
  }
}

async function measure(
  name: string,
  endpoint: Child<EndpointMessage>,
  client: Child<FaultsMessage>,
): Promise<FaultsRun> {
  if ((await client.next()) !== "warm") throw new BenchError(`${name} did not warm up`);
  const before = await requestsOf(endpoint);
  endpoint.send("begin");
  client.send("begin");
  const message = await client.next();
  if (message === "warm" || !("sample" in message)) throw new BenchError(`${name} sent no sample`);
  return { ...message.sample, requests: (await requestsOf(endpoint)) - before };
}

async function requestsOf(endpoint: Child<EndpointMessage>): Promise<number> {
  endpoint.send("count");
  const message = await endpoint.next();
  if ("requests" in message) return message.requests;
  throw new BenchError("the endpoint sent no count");
}
