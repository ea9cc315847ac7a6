import { InvokeEndpointCommand, type SageMakerRuntimeClient } from "holdfast";
import type { Predictions } from "../container/protocol.ts";
import { SPECIES, type Species } from "../flowers/iris.ts";
import { ENDPOINT_NAME } from "../variants.ts";
import type { CallResult } from "./call-result.ts";
import type { PlannedCall } from "./plan.ts";

/**
 * Asks the endpoint what one flower is. Whatever goes wrong is a result, not an error.
 *
 * @throws the signal's reason, once it fired: a call that was given up is neither answered nor lost
 */
export async function ask(
  client: SageMakerRuntimeClient,
  { flower, targetVariant }: PlannedCall,
  signal: AbortSignal,
): Promise<CallResult> {
  const startedAt = performance.now();
  const command = new InvokeEndpointCommand({
    EndpointName: ENDPOINT_NAME,
    TargetVariant: targetVariant,
    ContentType: "text/csv",
    Accept: "application/json",
    Body: flower.measurements.join(),
  });
  try {
    const output = await client.send(command, { abortSignal: signal });
    return {
      kind: "answered",
      flower,
      variant: output.InvokedProductionVariant ?? "(unnamed)",
      species: readSpecies(output.Body.transformToString()),
      attempts: output.$metadata.attempts ?? 1,
      latencyMs: performance.now() - startedAt,
    };
  } catch (error) {
    signal.throwIfAborted();
    return {
      kind: "lost",
      flower,
      errorName: error instanceof Error ? error.name : String(error),
      attempts: attemptsOf(error),
      latencyMs: performance.now() - startedAt,
    };
  }
}

function readSpecies(body: string): Species {
  const [prediction] = (JSON.parse(body) as Predictions).predictions;
  const species = SPECIES.find((name) => name === prediction);
  if (species !== undefined) return species;
  throw new TypeError(`expected one of ${SPECIES.join()}, got ${JSON.stringify(prediction)}`);
}

/** Errors of a call say how many attempts it took; an answer that cannot be read says nothing. */
function attemptsOf(error: unknown): number {
  const { $metadata } = error as { $metadata?: { attempts?: number } };
  return $metadata?.attempts ?? 1;
}
