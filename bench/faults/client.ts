import type { BenchClient, Target } from "../client.ts";

export interface FaultCall {
  readonly patienceMs: number;
  readonly targetModel: string | undefined;
}

/** One opened client with its defaults. */
export interface OpenFaultClient {
  /**
   * Resolves when the call is answered.
   *
   * @throws what the client throws: for a call that failed, and for one that took longer than the caller waits
   */
  call(body: Uint8Array, options: FaultCall): Promise<unknown>;
  close(): Promise<void>;
}

/** What a file of `bench/fault-clients/` exports; its name is that of the client. */
export type FaultClient = BenchClient<OpenFaultClient>;

/** The command's input, which is the same for both packages. */
export function inputOf({ endpointName, contentType }: Target, body: Uint8Array, { targetModel }: FaultCall) {
  return {
    EndpointName: endpointName,
    ContentType: contentType,
    Body: body,
    ...(targetModel !== undefined && { TargetModel: targetModel }),
  };
}
