import { InvokeEndpointCommand, SageMakerRuntimeClient } from "holdfast";
import { Registry } from "prom-client";
import type { Dispatcher } from "undici";

/** Calls with 1 KB up, as fast as the default settings let them through. */
export interface CountedClient {
  readonly stack: SageMakerRuntimeClient["middlewareStack"];
  call(): Promise<void>;
  /** @param concurrency - how many are in flight at a time */
  callMany(calls: number, concurrency: number): Promise<void>;
  close(): void;
}

const REQUEST_BYTES = 1024;

/** A default client with metrics: every layer is on. */
export function openClient(origin: string, dispatcher?: Dispatcher): CountedClient {
  const body = Buffer.alloc(REQUEST_BYTES, "0.5,");
  const client = new SageMakerRuntimeClient({
    region: "eu-west-1",
    // The documentation's example key: nobody checks the signature.
    credentials: {
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    },
    endpoint: origin,
    metrics: { registry: new Registry() },
    ...(dispatcher && { dispatcher }),
  });
  async function call(): Promise<void> {
    await client.send(
      new InvokeEndpointCommand({ EndpointName: "bench", ContentType: "text/csv", Body: body }),
    );
  }
  async function callInTurn(calls: number): Promise<void> {
    for (let done = 0; done < calls; done++) await call();
  }
  return {
    stack: client.middlewareStack,
    call,
    async callMany(calls, concurrency) {
      await Promise.all(Array.from({ length: concurrency }, () => callInTurn(calls / concurrency)));
    },
    close: () => client.destroy(),
  };
}
