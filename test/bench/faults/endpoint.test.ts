import { describe, expect, it } from "vitest";
import { FaultyEndpoint } from "../../../bench/faults/endpoint.ts";
import type { Fault, Scenario } from "../../../bench/faults/scenario.ts";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "../../../lib/index.ts";

const credentials = { accessKeyId: "local", secretAccessKey: "local" };

async function withEndpoint(fault: Fault, work: (endpoint: FaultyEndpoint) => Promise<void>): Promise<void> {
  const scenario: Scenario = {
    name: "s",
    description: "",
    fault,
    ratePerSecond: 1,
    patienceMs: 1_000,
    beforeMs: 0,
    faultMs: 200,
    afterMs: 0,
  };
  const endpoint = new FaultyEndpoint({ scenario, credentials, seed: 1 });
  await endpoint.listen();
  try {
    await work(endpoint);
  } finally {
    await endpoint.close();
  }
}

function rethrow(error: unknown): never {
  throw error;
}

/** What one attempt comes to: its status, or its error's name. */
async function attempt({ port }: FaultyEndpoint): Promise<number | string | undefined> {
  const client = new SageMakerRuntimeClient({
    region: "eu-west-1",
    credentials,
    endpoint: `http://127.0.0.1:${port}`,
    maxAttempts: 1,
  });
  try {
    const command = new InvokeEndpointCommand({ EndpointName: "e", Body: "1" });
    return (await client.send(command)).$metadata.httpStatusCode;
  } catch (error) {
    return (error as Error).name;
  } finally {
    client.destroy();
  }
}

/** Asks until it is answered: when the endpoint is well again is a matter of its own timer. */
async function untilAnswered(endpoint: FaultyEndpoint): Promise<void> {
  while ((await attempt(endpoint)) !== 200);
}

describe("an endpoint with a fault", () => {
  it("refuses connections after a crash, and serves again on the same port", async () => {
    await withEndpoint({ kind: "crash" }, async (endpoint) => {
      expect(await attempt(endpoint)).toBe(200);
      const { port } = endpoint;
      endpoint.begin(rethrow);
      expect(await attempt(endpoint)).not.toBe(200);
      await untilAnswered(endpoint);
      expect(endpoint.port).toBe(port);
      expect(endpoint.requests).toBeGreaterThanOrEqual(2);
    });
  });

  it("does what the fault script says, and then no more", async () => {
    const rules = [{ fault: { type: "status", status: 500 } as const }];
    await withEndpoint({ kind: "script", rules }, async (endpoint) => {
      endpoint.begin(rethrow);
      expect(await attempt(endpoint)).not.toBe(200);
      await untilAnswered(endpoint);
    });
  });
});
